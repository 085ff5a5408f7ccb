package rlaif.judging;

import java.util.Map;
import java.util.Set;

/// The prompt put to a judge that scores one completion from 1 to 10, between marks like those of
/// {@link JudgePrompt}.
public final class ScorePrompt {
    private static final Set<String> PLACEHOLDERS =
            Set.of("nonce", "prompt", "completion", "principle");

    private final Template template;
    private final String hash;

    /// @param template needs each of `{{nonce}}`, `{{prompt}}`, `{{completion}}` and
    ///   `{{principle}}`
    /// @param origin where it comes from, named in errors
    public ScorePrompt(String template, String origin) {
        this.template = Template.checked(template, PLACEHOLDERS, origin);
        this.hash = Sha256.hex(template);
    }

    /// The shipped template (`score`), or one from a file.
    public static ScorePrompt named(String nameOrFile) {
        return new ScorePrompt(TemplateFile.read(nameOrFile), nameOrFile);
    }

    /// SHA-256 of the template, in hex.
    public String hash() {
        return hash;
    }

    /// The text of the one user message.
    public String text(CompletionToScore scored) {
        String prompt = ModelText.cleaned(scored.prompt());
        String completion = ModelText.cleaned(scored.completion());
        return template.filled(
                Map.of(
                        "nonce",
                        JudgePrompt.nonce(hash, scored.rolloutId(), prompt, completion),
                        "prompt",
                        prompt,
                        "completion",
                        completion,
                        "principle",
                        scored.principle().compare()));
    }
}

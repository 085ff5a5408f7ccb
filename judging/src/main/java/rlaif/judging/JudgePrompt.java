package rlaif.judging;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The prompt put to a judge that compares: a template of one part, or with chain of thought of two
/// parts, which stand above and below a line of equals signs.
///
/// Model text stands between marks that carry a nonce. The nonce is a hash of everything shown, so
/// equal presentations give equal prompts and no text can know the nonce that will surround it.
public final class JudgePrompt {
    private static final Set<String> PLACEHOLDERS =
            Set.of("nonce", "prompt", "completion1", "completion2", "principle");
    private static final Set<String> PLACEHOLDERS_AFTER =
            Set.of("nonce", "prompt", "completion1", "completion2", "principle", "rationale");
    private static final String DIVIDER = "(?m)^={5,}\\R";

    private final Template template;
    private final Optional<Template> afterRationale;
    private final String hash;

    /// @param template each part needs each of `{{nonce}}`, `{{prompt}}`, `{{completion1}}`,
    ///   `{{completion2}}` and `{{principle}}`, the second also `{{rationale}}`
    /// @param origin where it comes from, named in errors
    public JudgePrompt(String template, String origin) {
        String[] parts = template.split(DIVIDER, -1);
        if (parts.length > 2) {
            throw new IllegalArgumentException(
                    "judge template %s: %d parts; it has one, or with chain of thought two, divided by a line of ====="
                            .formatted(origin, parts.length));
        }
        if (parts.length == 1
                && !Template.has(template, "completion1")
                && Template.has(template, "completion")) {
            throw new IllegalArgumentException(
                    "judge template %s: it is for scoring one completion; a comparison shows {{completion1}} and {{completion2}}"
                            .formatted(origin));
        }
        boolean reasons = parts.length == 2;
        this.template =
                Template.checked(
                        parts[0], PLACEHOLDERS, reasons ? origin + " (rationale part)" : origin);
        this.afterRationale =
                reasons
                        ? Optional.of(
                                Template.checked(
                                        parts[1], PLACEHOLDERS_AFTER, origin + " (verdict part)"))
                        : Optional.empty();
        this.hash = Sha256.hex(template);
    }

    /// The template that is used where none is chosen: data first, instruction after, answer 1 or
    /// 2.
    public static JudgePrompt shipped() {
        return named("base");
    }

    /// A shipped template by its name (`base`, `base-few-shot`, `base-cot`, `detailed`,
    /// `detailed-few-shot`, `detailed-cot`), or one from a file.
    public static JudgePrompt named(String nameOrFile) {
        return new JudgePrompt(TemplateFile.read(nameOrFile), nameOrFile);
    }

    /// SHA-256 of the template, in hex.
    public String hash() {
        return hash;
    }

    /// Whether the judge is asked for a rationale first.
    public boolean reasons() {
        return afterRationale.isPresent();
    }

    /// The text of the one user message: it asks for the verdict, or where {@link #reasons} for the
    /// rationale.
    public String text(Presentation presentation) {
        return template.filled(values(presentation, ""));
    }

    /// The text that asks for the verdict after a rationale, which is model text like any other.
    public String textAfter(Presentation presentation, String rationale) {
        return afterRationale
                .orElseThrow(() -> new IllegalStateException("the template asks for no rationale"))
                .filled(values(presentation, ModelText.cleaned(rationale)));
    }

    /// What a drawn reply is seeded by: pair, order and sample, at least 0.
    public int seed(Presentation presentation) {
        byte[] hashed =
                Sha256.of(
                        "seed",
                        presentation.pairId(),
                        presentation.completion1(),
                        presentation.completion2(),
                        Integer.toString(presentation.sample()));
        return ByteBuffer.wrap(hashed).getInt() & Integer.MAX_VALUE;
    }

    private Map<String, String> values(Presentation presentation, String rationale) {
        String prompt = ModelText.cleaned(presentation.prompt());
        String completion1 = ModelText.cleaned(presentation.completion1());
        String completion2 = ModelText.cleaned(presentation.completion2());
        String nonce =
                rationale.isEmpty()
                        ? nonce(hash, presentation.pairId(), prompt, completion1, completion2)
                        : nonce(
                                hash,
                                presentation.pairId(),
                                prompt,
                                completion1,
                                completion2,
                                rationale);
        return Map.of(
                "nonce", nonce,
                "prompt", prompt,
                "completion1", completion1,
                "completion2", completion2,
                "principle", presentation.principle().compare(),
                "rationale", rationale);
    }

    /// 12 hex digits.
    static String nonce(String... shown) {
        return HexFormat.of().formatHex(Arrays.copyOf(Sha256.of(shown), 6));
    }
}

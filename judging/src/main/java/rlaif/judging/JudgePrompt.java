package rlaif.judging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The prompt put to a judge: a template whose placeholders are filled once, so that text from a
/// model is never read as template.
///
/// Model text stands between marks that carry a nonce. The nonce is a hash of everything shown, so
/// equal presentations give equal prompts and no completion can know the nonce that will surround
/// it.
public final class JudgePrompt {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([a-zA-Z0-9]*)}}");
    private static final Set<String> PLACEHOLDERS =
            Set.of("nonce", "prompt", "completion1", "completion2", "principle");
    private static final int NONCE_HEX = 12;

    private final String template;
    private final String hash;

    /// @param template needs each of `{{nonce}}`, `{{prompt}}`, `{{completion1}}`,
    ///   `{{completion2}}` and `{{principle}}`
    /// @param origin where it comes from, named in errors
    public JudgePrompt(String template, String origin) {
        Set<String> missing = new HashSet<>(PLACEHOLDERS);
        Matcher matcher = PLACEHOLDER.matcher(template);
        while (matcher.find()) {
            String name = matcher.group(1);
            if (!PLACEHOLDERS.contains(name)) {
                throw new IllegalArgumentException(
                        "judge template %s: unknown placeholder {{%s}}; known are %s"
                                .formatted(origin, name, PLACEHOLDERS.stream().sorted().toList()));
            }
            missing.remove(name);
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    "judge template %s: placeholders missing: %s"
                            .formatted(origin, missing.stream().sorted().toList()));
        }
        this.template = template;
        this.hash = Sha256.hex(template);
    }

    /// The template that is shipped: data first, instruction after, answer 1 or 2.
    public static JudgePrompt shipped() {
        try (var stream = JudgePrompt.class.getResourceAsStream("pairwise.txt")) {
            if (stream == null) {
                throw new IllegalStateException("resource pairwise.txt is missing from the jar");
            }
            return new JudgePrompt(
                    new String(stream.readAllBytes(), StandardCharsets.UTF_8), "pairwise.txt");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// SHA-256 of the template, in hex.
    public String hash() {
        return hash;
    }

    /// The text of the one user message.
    public String text(Presentation presentation) {
        String prompt = ModelText.cleaned(presentation.prompt());
        String completion1 = ModelText.cleaned(presentation.completion1());
        String completion2 = ModelText.cleaned(presentation.completion2());
        Map<String, String> values =
                Map.of(
                        "nonce", nonce(presentation.pairId(), prompt, completion1, completion2),
                        "prompt", prompt,
                        "completion1", completion1,
                        "completion2", completion2,
                        "principle", presentation.principle().compare());
        return PLACEHOLDER
                .matcher(template)
                .replaceAll(found -> Matcher.quoteReplacement(values.get(found.group(1))));
    }

    private String nonce(String pairId, String prompt, String completion1, String completion2) {
        return HexFormat.of()
                .formatHex(Sha256.of(hash, pairId, prompt, completion1, completion2))
                .substring(0, NONCE_HEX);
    }
}

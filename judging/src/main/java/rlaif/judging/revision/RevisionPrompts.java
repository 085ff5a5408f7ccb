package rlaif.judging.revision;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import rlaif.judging.ModelText;
import rlaif.judging.Sha256;

/// The prompts put to a reviser: a template that asks for a critique and one that asks for the
/// revision after it, each filled once, so that text from a model is never read as template.
///
/// Model text stands between marks that carry a nonce, a hash of everything shown: equal material
/// gives equal prompts, and no text can know the nonce that will surround it.
public final class RevisionPrompts {
    private static final Set<String> OF_CRITIQUE =
            Set.of("nonce", "prompt", "completion", "principle");
    private static final Set<String> OF_REVISION =
            Set.of("nonce", "prompt", "completion", "critique", "principle");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}\\n]*)}}");
    private static final int NONCE_BYTES = 6;

    private final String critique;
    private final String revision;
    private final String hash;

    /// A prompt and the code in its marks.
    public record Marked(String text, String nonce) {}

    /// @param critique needs each of `{{nonce}}`, `{{prompt}}`, `{{completion}}`, `{{principle}}`
    /// @param revision needs the same and `{{critique}}`
    public RevisionPrompts(String critique, String revision) {
        this.critique = checked("critique", critique, OF_CRITIQUE);
        this.revision = checked("revision", revision, OF_REVISION);
        this.hash = HexFormat.of().formatHex(Sha256.of(critique, revision));
    }

    /// The templates that are shipped.
    public static RevisionPrompts shipped() {
        return new RevisionPrompts(shipped("critique.txt"), shipped("revision.txt"));
    }

    /// Text of a shipped template.
    ///
    /// @param name `critique.txt` or `revision.txt`
    public static String shipped(String name) {
        try (var stream = RevisionPrompts.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("resource " + name + " is missing from the jar");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Text of a template of the user's.
    public static String file(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "template " + file.toAbsolutePath() + " cannot be read as UTF-8 text: " + e, e);
        }
    }

    private static String checked(String what, String template, Set<String> placeholders) {
        Set<String> missing = new TreeSet<>(placeholders);
        Matcher matcher = PLACEHOLDER.matcher(template);
        while (matcher.find()) {
            String name = matcher.group(1);
            if (!placeholders.contains(name)) {
                throw new IllegalArgumentException(
                        "%s template: unknown placeholder {{%s}}; known are %s"
                                .formatted(what, name, new TreeSet<>(placeholders)));
            }
            missing.remove(name);
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s template: placeholders missing: %s".formatted(what, missing));
        }
        return template;
    }

    /// SHA-256 of both templates, in hex.
    public String hash() {
        return hash;
    }

    /// Asks what is wrong with a completion.
    public Marked critique(CompletionToRevise shown) {
        return filled(critique, shown, shown.principle().critique(), "");
    }

    /// Asks for the completion, rewritten.
    public Marked revision(CompletionToRevise shown, String written) {
        return filled(revision, shown, shown.principle().revise(), ModelText.cleaned(written));
    }

    private Marked filled(
            String template, CompletionToRevise shown, String principle, String written) {
        String prompt = ModelText.cleaned(shown.prompt());
        String completion = ModelText.cleaned(shown.completion());
        String nonce =
                HexFormat.of()
                        .formatHex(
                                Arrays.copyOf(
                                        Sha256.of(
                                                hash,
                                                shown.rolloutId(),
                                                Integer.toString(shown.round()),
                                                prompt,
                                                completion,
                                                written),
                                        NONCE_BYTES));
        Map<String, String> values =
                Map.of(
                        "nonce", nonce,
                        "prompt", prompt,
                        "completion", completion,
                        "critique", written,
                        "principle", principle);
        return new Marked(
                PLACEHOLDER
                        .matcher(template)
                        .replaceAll(found -> Matcher.quoteReplacement(values.get(found.group(1)))),
                nonce);
    }
}

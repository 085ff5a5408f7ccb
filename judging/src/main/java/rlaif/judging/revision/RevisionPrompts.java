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
import rlaif.judging.ModelText;
import rlaif.judging.Sha256;
import rlaif.judging.Template;

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
    private static final int NONCE_BYTES = 6;

    private final Template critique;
    private final Template revision;
    private final String hash;

    /// A prompt and the code in its marks.
    public record Marked(String text, String nonce) {}

    /// @param critique needs each of `{{nonce}}`, `{{prompt}}`, `{{completion}}`, `{{principle}}`
    /// @param revision needs the same and `{{critique}}`
    public RevisionPrompts(String critique, String revision) {
        this.critique = Template.checked(critique, OF_CRITIQUE, "for critiques");
        this.revision = Template.checked(revision, OF_REVISION, "for revisions");
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
            Template template, CompletionToRevise shown, String principle, String written) {
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
        return new Marked(template.filled(values), nonce);
    }
}

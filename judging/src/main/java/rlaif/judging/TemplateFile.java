package rlaif.judging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/// Where templates come from: those that are shipped, by name, or files.
final class TemplateFile {
    /// Names of the shipped templates for comparing.
    static final List<String> COMPARE =
            List.of(
                    "base",
                    "base-few-shot",
                    "base-cot",
                    "detailed",
                    "detailed-few-shot",
                    "detailed-cot");

    /// Name of the shipped template for scoring.
    static final String SCORE = "score";

    private TemplateFile() {}

    /// Text of a shipped template if there is one of that name, else of the file.
    static String read(String nameOrFile) {
        if (COMPARE.contains(nameOrFile) || SCORE.equals(nameOrFile)) {
            return shipped(nameOrFile);
        }
        try {
            return Files.readString(Path.of(nameOrFile));
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(
                    "judge template %s: no such file, and none of that name is shipped; shipped are %s and %s"
                            .formatted(nameOrFile, COMPARE, SCORE),
                    e);
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException(
                    "judge template " + nameOrFile + ": cannot be read as UTF-8 text: " + e, e);
        }
    }

    private static String shipped(String name) {
        String resource = "templates/" + name + ".txt";
        try (var stream = TemplateFile.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException(
                        "resource " + resource + " is missing from the jar");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

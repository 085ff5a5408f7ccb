package rlaif.models;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/// Files beside the checkpoints of a store that name those that were deleted: `.deleted` of each
/// role, a URI a line.
record Deletions(Path root) {
    private static final String FILE = ".deleted";

    void add(String uri) {
        try {
            Files.writeString(
                    file(uri), uri + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(file(uri) + " cannot be written", e);
        }
    }

    boolean contains(String uri) {
        Path file = file(uri);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.anyMatch(uri::equals);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    private Path file(String uri) {
        return root.resolve(uri).resolveSibling(FILE);
    }
}

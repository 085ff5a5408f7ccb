package rlaif.models;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Files beside the checkpoints of a store that say which of them were written and not announced,
/// and by whom: `.staged-<folder>`, holding the owner.
///
/// One is made before its folder can be seen, and goes once the announcement is committed: what a
/// kill leaves in between is told from what other streams keep in the same store.
record StagedMarks(Path root) {
    private static final String PREFIX = ".staged-";

    /// Marks a folder that is not there yet.
    void mark(Path folder, String owner) throws IOException {
        Path mark = mark(folder);
        Files.writeString(mark, owner);
        Manifest.force(mark);
    }

    void unmark(Path folder) {
        try {
            Files.deleteIfExists(mark(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(mark(folder) + " cannot be deleted", e);
        }
    }

    boolean isMarked(Path folder) {
        return Files.exists(mark(folder), LinkOption.NOFOLLOW_LINKS);
    }

    /// The URIs that `owner` has marked among those of `role`.
    List<String> of(String role, String owner) {
        Path parent = root.resolve(role);
        if (!Files.isDirectory(parent, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        List<String> uris = new ArrayList<>();
        try (DirectoryStream<Path> marks = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path mark : marks) {
                if (Files.readString(mark).equals(owner)) {
                    String name = mark.getFileName().toString().substring(PREFIX.length());
                    uris.add(role + "/" + name);
                }
            }
            return uris;
        } catch (IOException e) {
            throw new UncheckedIOException(parent + " cannot be read", e);
        }
    }

    private static Path mark(Path folder) {
        return folder.resolveSibling(PREFIX + folder.getFileName());
    }
}

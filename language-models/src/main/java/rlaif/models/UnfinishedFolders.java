package rlaif.models;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.stream.Stream;

/// Folders beside the checkpoints of a store in which one is being written or deleted:
/// `.unfinished-<number>` of each role, so that what is half there is never taken for a whole one.
record UnfinishedFolders(Path root) {
    private static final String PREFIX = ".unfinished-";
    private static final Duration LONGEST_UNFINISHED = Duration.ofHours(1);

    /// An empty one for a checkpoint that is to be written.
    Path create(String role) throws IOException {
        return Files.createTempDirectory(Files.createDirectories(root.resolve(role)), PREFIX);
    }

    /// Deletes a checkpoint's folder, or one in it, all or nothing: it is renamed first. Nothing
    /// happens where it is not there.
    void delete(Path folder) {
        if (Files.notExists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Path away = create(root.relativize(folder).getName(0).toString());
            Files.move(folder, away.resolve(folder.getFileName()), StandardCopyOption.ATOMIC_MOVE);
            clear(away);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " cannot be deleted", e);
        }
    }

    /// Deletes those of `role` that a save or a deletion left more than an hour ago: a younger one
    /// may be in the making.
    void sweep(String role) {
        Path parent = root.resolve(role);
        if (!Files.isDirectory(parent, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Instant old = Instant.now().minus(LONGEST_UNFINISHED);
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path folder : folders) {
                if (Files.getLastModifiedTime(folder, LinkOption.NOFOLLOW_LINKS)
                        .toInstant()
                        .isBefore(old)) {
                    clear(folder);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(parent + " cannot be tidied", e);
        }
    }

    /// Deletes an unfinished folder file by file; one that has become a checkpoint is not there.
    static void clear(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

package rlaif.processors;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/// The static member id of an instance: made once, kept in its state directory, so that it takes up
/// its own partitions at once after a restart.
final class MemberId {
    private MemberId() {}

    static String in(Path stateDirectory) {
        Path file = stateDirectory.resolve("member-id");
        try {
            Files.createDirectories(stateDirectory);
            if (!Files.exists(file)) {
                Path made = Files.createTempFile(stateDirectory, "member-id", ".new");
                Files.writeString(made, UUID.randomUUID().toString());
                move(made, file);
            }
            return UUID.fromString(Files.readString(file).strip()).toString();
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(file + " does not hold a UUID; delete it", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void move(Path made, Path file) throws IOException {
        try {
            Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(made, file);
        }
    }
}

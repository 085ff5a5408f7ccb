package rlaif.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/// The static member id of an instance: made once in its state folder, kept over restarts.
final class MemberId {
    private MemberId() {}

    static String in(Path stateFolder) {
        Path file = stateFolder.resolve("member-id");
        try {
            if (!Files.exists(file)) {
                Files.writeString(file, UUID.randomUUID().toString().substring(0, 8));
            }
            return Files.readString(file).strip();
        } catch (IOException unusable) {
            throw new UncheckedIOException("cannot keep the member id in " + file, unusable);
        }
    }
}

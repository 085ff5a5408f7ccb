package rlaif.trainers;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import rlaif.events.Checkpoint;

/// The checkpoint whose frozen weights adapters are trained beside, as a trainer's files name it.
///
/// @param uri as it was announced
/// @param digest as it was announced
record AdapterBase(String uri, String digest) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static AdapterBase of(Checkpoint checkpoint) {
        return new AdapterBase(checkpoint.getUri(), checkpoint.getDigest());
    }

    /// Empty: there is no such file, since that trainer trained every weight.
    static Optional<AdapterBase> load(Path file) {
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(file.toFile(), AdapterBase.class));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    void save(Path file) {
        try {
            JSON.writeValue(file.toFile(), this);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}

package rlaif.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a demo directory is of, how long it has run, and its result once it has one; kept in
/// `demo.json`.
///
/// @param secondsBefore spent by earlier starts
/// @param secondsToPolicy0 null: not announced yet
/// @param secondsToFirstLabel null: none yet
/// @param result null: not finished
record DemoState(
        long seed,
        DemoSize size,
        double secondsBefore,
        @Nullable Double secondsToPolicy0,
        @Nullable Double secondsToFirstLabel,
        @Nullable DemoResult result) {
    private static final String FILE = "demo.json";
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /// The state of a directory; a new one where there is none.
    static DemoState in(Path data, long seed, DemoSize size) {
        Path file = data.resolve(FILE);
        if (!Files.exists(file)) {
            return new DemoState(seed, size, 0, null, null, null);
        }
        DemoState state;
        try {
            state = JSON.readValue(file.toFile(), DemoState.class);
        } catch (IOException unreadable) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    file + " cannot be read: " + unreadable.getMessage() + "; --fresh begins anew");
        }
        if (state.seed != seed || state.size != size) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    data
                            + " holds a demo of --seed "
                            + state.seed
                            + " --size "
                            + state.size.label()
                            + ": name these, another --data directory, or --fresh to delete it and begin anew");
        }
        return state;
    }

    /// Writes it whole or not at all.
    void save(Path data) {
        Path file = data.resolve(FILE);
        try {
            Files.createDirectories(data);
            Path written = Files.createTempFile(data, "demo", ".tmp");
            Files.writeString(written, JSON.writeValueAsString(this));
            try {
                Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException other) {
                Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (JsonProcessingException bug) {
            throw new IllegalStateException(bug);
        } catch (IOException unwritable) {
            throw new UncheckedIOException("cannot write " + file, unwritable);
        }
    }

    /// Deletes a directory, if it is one of ours.
    static void delete(Path data) {
        if (!Files.isDirectory(data)) {
            return;
        }
        try (Stream<Path> top = Files.list(data)) {
            List<String> names = top.map(entry -> entry.getFileName().toString()).toList();
            if (!names.isEmpty() && !names.contains(FILE) && !names.contains("kafka")) {
                throw new Failure(
                        ExitCode.CONFIGURATION,
                        data
                                + " is not a directory of rlaif, so --fresh does not delete it: name another --data");
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + data, unreadable);
        }
        try (Stream<Path> all = Files.walk(data)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException undeletable) {
            throw new UncheckedIOException("cannot delete " + data, undeletable);
        }
    }

    DemoState spent(double seconds) {
        return new DemoState(seed, size, seconds, secondsToPolicy0, secondsToFirstLabel, result);
    }

    DemoState policy0At(double seconds) {
        return secondsToPolicy0 != null
                ? this
                : new DemoState(seed, size, secondsBefore, seconds, secondsToFirstLabel, result);
    }

    DemoState firstLabelAt(double seconds) {
        return secondsToFirstLabel != null
                ? this
                : new DemoState(seed, size, secondsBefore, secondsToPolicy0, seconds, result);
    }

    DemoState finished(DemoResult finished) {
        return new DemoState(
                seed, size, secondsBefore, secondsToPolicy0, secondsToFirstLabel, finished);
    }
}

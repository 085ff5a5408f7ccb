package rlaif.trainers;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import rlaif.models.AdamW;
import rlaif.models.Transformer;

/// Where supervised training stands between two starts: weights, optimizer and what each step
/// measured.
///
/// A folder below this one holds them, whole or not at all: it is renamed into its place, and a
/// file in it that is not as it was written makes it count as absent.
///
/// @param folder nobody else writes to
/// @param training whatever decides the weights; what another training has left is not gone on with
record SupervisedStanding(Path folder, String training) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BUFFER = 1 << 20; // bytes
    private static final String PREFIX = "step-";
    private static final String UNFINISHED = "unfinished-";
    private static final String WEIGHTS = "weights";
    private static final String OPTIMIZER = "optimizer";
    private static final String METRICS = "metrics.json";
    private static final String NOTE = "standing.json";

    /// What was written last of all.
    ///
    /// @param digests SHA-256 of each file, hexadecimal
    record Note(String training, Map<String, String> digests) {}

    /// Writes where training stands, in place of what was there.
    ///
    /// @param metrics of every step so far
    void save(Transformer model, AdamW optimizer, List<Map<String, Double>> metrics) {
        try {
            Files.createDirectories(folder);
            Path next = Files.createTempDirectory(folder, UNFINISHED);
            model.saveTrained(next.resolve(WEIGHTS));
            optimizer.save(next.resolve(OPTIMIZER));
            JSON.writeValue(next.resolve(METRICS).toFile(), metrics);
            JSON.writeValue(next.resolve(NOTE).toFile(), new Note(training, digests(next)));
            Path place = folder.resolve(PREFIX + metrics.size());
            delete(place);
            Files.move(next, place, StandardCopyOption.ATOMIC_MOVE);
            for (Path old : all()) {
                if (!old.equals(place)) {
                    delete(old);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": where SFT stands cannot be written", e);
        }
    }

    /// Brings model and optimizer to where the same training stood.
    ///
    /// @return the metrics of the steps that need not be taken again; empty: all must be
    List<Map<String, Double>> restore(Transformer model, AdamW optimizer) {
        try {
            for (Path standing : all()) {
                if (isWhole(standing)) {
                    List<Map<String, Double>> metrics =
                            JSON.readValue(
                                    standing.resolve(METRICS).toFile(), new TypeReference<>() {});
                    model.loadTrained(standing.resolve(WEIGHTS));
                    optimizer.load(standing.resolve(OPTIMIZER));
                    return metrics;
                }
            }
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": where SFT stood cannot be read", e);
        }
    }

    /// Leaves nothing behind.
    void clear() {
        try {
            for (Path standing : all()) {
                delete(standing);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " cannot be cleared", e);
        }
    }

    private boolean isWhole(Path standing) {
        try {
            Note note = JSON.readValue(standing.resolve(NOTE).toFile(), Note.class);
            return note.training().equals(training) && note.digests().equals(digests(standing));
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static Map<String, String> digests(Path standing) throws IOException {
        Map<String, String> digests = new TreeMap<>();
        for (String file : List.of(WEIGHTS, OPTIMIZER, METRICS)) {
            digests.put(file, digest(standing.resolve(file)));
        }
        return digests;
    }

    private static String digest(Path file) throws IOException {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            try (InputStream in =
                    new DigestInputStream(
                            new BufferedInputStream(Files.newInputStream(file), BUFFER), sha)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException(absent);
        }
    }

    /// What lies here, finished or not.
    private List<Path> all() throws IOException {
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> folders =
                Files.newDirectoryStream(folder, "{" + PREFIX + "," + UNFINISHED + "}*")) {
            folders.forEach(all::add);
        } catch (NoSuchFileException none) {
            return List.of();
        }
        return all;
    }

    private static void delete(Path standing) throws IOException {
        if (Files.notExists(standing)) {
            return;
        }
        try (Stream<Path> files = Files.walk(standing)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

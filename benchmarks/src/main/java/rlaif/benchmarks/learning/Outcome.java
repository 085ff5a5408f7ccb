package rlaif.benchmarks.learning;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What a run of the lab came to, kept in a file so that a long benchmark goes on where it stopped.
///
/// @param before policy 0 on held-out prompts
/// @param after the last policy on the same
/// @param comparison of the two, by gold
/// @param curve step by step
record Outcome(
        String algorithm,
        long seed,
        Conduct before,
        Conduct after,
        Comparison comparison,
        List<Progress> curve) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// Points by which the harmless rate rose.
    double harmlessGain() {
        return 100 * (after.harmless() - before.harmless());
    }

    /// Points by which the helpful rate rose; below 0 where it fell.
    double helpfulGain() {
        return 100 * (after.helpful() - before.helpful());
    }

    static Optional<Outcome> find(LabSettings settings) throws IOException {
        Path file = file(settings);
        return settings.folder().isEmpty() || !Files.exists(file)
                ? Optional.empty()
                : Optional.of(JSON.readValue(file.toFile(), Outcome.class));
    }

    void keep(LabSettings settings) throws IOException {
        if (!settings.folder().isEmpty()) {
            Files.createDirectories(Path.of(settings.folder()));
            Path written = Files.createTempFile(Path.of(settings.folder()), "outcome", ".tmp");
            JSON.writeValue(written.toFile(), this);
            Files.move(written, file(settings));
        }
    }

    private static Path file(LabSettings settings) {
        return Path.of(settings.folder(), settings.name() + ".json");
    }

    String text() {
        return "%s seed %d%n  before %s%n  after  %s%n  %s%n  harmless %+.1f, helpful %+.1f points"
                .formatted(
                        algorithm, seed, before, after, comparison, harmlessGain(), helpfulGain());
    }
}

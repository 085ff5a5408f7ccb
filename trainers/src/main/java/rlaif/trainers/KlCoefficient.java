package rlaif.trainers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The coefficient of the KL penalty as a trainer left it: a file in the checkpoint, exact to the
/// bit.
final class KlCoefficient {
    private static final String FILE = "kl-coefficient";

    private KlCoefficient() {}

    static void save(Path trainerFiles, double beta) {
        try {
            Files.writeString(trainerFiles.resolve(FILE), Double.toString(beta));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + trainerFiles.resolve(FILE), e);
        }
    }

    /// @param first where a checkpoint has none yet
    static double load(Path trainerFiles, double first) {
        Path file = trainerFiles.resolve(FILE);
        try {
            return Files.exists(file) ? Double.parseDouble(Files.readString(file)) : first;
        } catch (IOException | NumberFormatException e) {
            throw new IllegalStateException(
                    "%s does not hold the coefficient of the KL penalty: %s"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }
}

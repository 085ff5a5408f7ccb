package rlaif.trainers;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/// How far SFT on revisions has come; a file in the checkpoint, so that a resume is exact.
///
/// @param revisions trained on
/// @param helpful demonstrations drawn
record RevisionProgress(long revisions, long helpful) {
    /// Its name among the files of a trainer.
    static final String FILE = "progress.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    static RevisionProgress load(Path file) {
        try {
            return JSON.readValue(file.toFile(), RevisionProgress.class);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the trainer's progress in " + file, e);
        }
    }

    void save(Path file) {
        try {
            JSON.writeValue(file.toFile(), this);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the trainer's progress to " + file, e);
        }
    }
}

package rlaif.benchmarks.resume;

import java.io.IOException;
import java.util.List;
import rlaif.benchmarks.Bench;
import rlaif.events.Checkpoint;

/// How a trainer ends that nobody disturbs.
///
/// @param digests of its versions, in order
/// @param seconds from its start to its end
record Undisturbed(List<String> digests, double seconds) {

    static Undisturbed run(Bench bench, Trainer trainer, RecordedLog recorded)
            throws IOException, InterruptedException {
        recorded.record(trainer);
        long began = System.nanoTime();
        try (TrainerProcess process = TrainerProcess.start(bench, trainer, recorded)) {
            process.requireEnd();
        }
        return new Undisturbed(digests(trainer, recorded), (System.nanoTime() - began) / 1e9);
    }

    /// Digests of what has been announced in a log at whose end a trainer has come, up to its last
    /// version: one that is told to end may announce another meanwhile.
    static List<String> digests(Trainer trainer, RecordedLog recorded) throws InterruptedException {
        return recorded.versions(trainer.role(), trainer.versions()).stream()
                .limit(trainer.versions())
                .map(Checkpoint::getDigest)
                .toList();
    }

    /// Versions of `other` that are not byte for byte these, missing ones included.
    long different(List<String> other) {
        long different = Math.abs(digests.size() - (long) other.size());
        for (int i = 0; i < Math.min(digests.size(), other.size()); i++) {
            different += digests.get(i).equals(other.get(i)) ? 0 : 1;
        }
        return different;
    }
}

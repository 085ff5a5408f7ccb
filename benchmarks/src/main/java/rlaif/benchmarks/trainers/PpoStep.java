package rlaif.benchmarks.trainers;

import java.io.IOException;
import rlaif.models.TensorThread;

/// The process whose memory is measured: PPO steps of the large model.
final class PpoStep {
    static final BenchModel MODEL = BenchModel.LARGE;
    static final int ROLLOUTS = 32;
    static final int STEPS = 2;
    static final int THREADS = 2;

    private PpoStep() {}

    public static void main(String[] arguments) throws IOException {
        TensorThread.prepare(THREADS);
        try (PpoWork work = new PpoWork(MODEL, ROLLOUTS)) {
            for (int step = 0; step < STEPS; step++) {
                work.update(step);
            }
        }
        System.out.println("{\"peakBytes\": %d}".formatted(OwnMemory.peakBytes()));
    }
}

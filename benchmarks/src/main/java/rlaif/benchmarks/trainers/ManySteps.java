package rlaif.benchmarks.trainers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import rlaif.models.TensorThread;

/// The process whose memory is watched: 2,000 steps of one kind.
final class ManySteps {
    static final int STEPS = 2_000;
    static final int FIRST = 500;

    private static final String WORK = "rlaif.bench.work";
    private static final String FOLDER = "rlaif.bench.folder";
    private static final int BETWEEN = 50; // steps from one reading to the next

    private ManySteps() {}

    /// The options of a process that does `work`.
    static String[] options(RepeatedWork work, Path folder) {
        return new String[] {
            "-XX:TieredStopAtLevel=1", "-D" + WORK + "=" + work.name(), "-D" + FOLDER + "=" + folder
        };
    }

    public static void main(String[] arguments) throws IOException {
        TensorThread.prepare(1);
        RepeatedWork work = RepeatedWork.valueOf(System.getProperty(WORK, "SFT"));
        Path folder = Path.of(System.getProperty(FOLDER, "."));
        List<Long> bytes = new ArrayList<>();
        try (RepeatedWork.Steps steps = work.open(folder)) {
            for (int step = 1; step <= STEPS; step++) {
                steps.step(step);
                if (step >= FIRST && step % BETWEEN == 0) {
                    bytes.add(OwnMemory.presentBytes() - Runtime.getRuntime().maxMemory());
                }
            }
        }
        System.out.println("{\"nativeBytes\": " + bytes + "}");
    }
}

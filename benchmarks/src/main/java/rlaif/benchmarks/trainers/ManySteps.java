package rlaif.benchmarks.trainers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import rlaif.models.AdamW;
import rlaif.models.TensorThread;
import rlaif.models.Transformer;
import rlaif.trainers.sft.SftUpdate;
import rlaif.trainers.sft.SupervisedExample;

/// The process whose memory is watched: 2,000 training steps on batches of changing lengths.
final class ManySteps {
    static final int STEPS = 2_000;
    static final int FIRST = 500;

    private static final BenchModel MODEL = BenchModel.SMALL;
    private static final int BETWEEN = 50; // steps from one reading to the next

    private ManySteps() {}

    public static void main(String[] arguments) throws IOException {
        TensorThread.prepare(1);
        Random random = new Random(23);
        List<Long> bytes = new ArrayList<>();
        try (Transformer policy = MODEL.policy();
                AdamW optimizer = new AdamW(policy, new AdamW.Settings(0.9, 0.999, 1e-8, 0, 1))) {
            SftUpdate update = new SftUpdate(policy, optimizer);
            for (int step = 1; step <= STEPS; step++) {
                update.update(batch(random), 1e-4);
                if (step >= FIRST && step % BETWEEN == 0) {
                    bytes.add(OwnMemory.presentBytes() - Runtime.getRuntime().maxMemory());
                }
            }
        }
        System.out.println("{\"nativeBytes\": " + bytes + "}");
    }

    private static List<SupervisedExample> batch(Random random) {
        List<SupervisedExample> batch = new ArrayList<>();
        int vocabulary = MODEL.shape().vocabularySize();
        for (int i = 0; i < 4; i++) {
            int[] prompt = random.ints(8, 2, vocabulary).toArray();
            int[] completion = random.ints(8 + random.nextInt(25), 2, vocabulary).toArray();
            batch.add(new SupervisedExample(prompt, completion));
        }
        return batch;
    }
}

package rlaif.benchmarks.trainers;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import rlaif.models.AdamW;
import rlaif.models.Transformer;
import rlaif.trainers.sft.SftUpdate;
import rlaif.trainers.sft.SupervisedExample;

/// Supervised fine-tuning on batches of changing lengths.
final class SftSteps implements RepeatedWork.Steps {
    private final BenchModel model;
    private final Random random = new Random(23);
    private final Transformer policy;
    private final AdamW optimizer;
    private final SftUpdate update;

    SftSteps(BenchModel model) {
        this.model = model;
        policy = model.policy();
        optimizer = new AdamW(policy, new AdamW.Settings(0.9, 0.999, 1e-8, 0, 1));
        update = new SftUpdate(policy, optimizer);
    }

    @Override
    public void step(int number) {
        List<SupervisedExample> batch = new ArrayList<>();
        int vocabulary = model.shape().vocabularySize();
        for (int i = 0; i < 4; i++) {
            int[] prompt = random.ints(8, 2, vocabulary).toArray();
            int[] completion = random.ints(8 + random.nextInt(25), 2, vocabulary).toArray();
            batch.add(new SupervisedExample(prompt, completion));
        }
        update.update(batch, 1e-4);
    }

    @Override
    public void close() {
        optimizer.close();
        policy.close();
    }
}

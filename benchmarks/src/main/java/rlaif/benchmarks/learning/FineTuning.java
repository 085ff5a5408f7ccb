package rlaif.benchmarks.learning;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import rlaif.models.AdamW;
import rlaif.models.Head;
import rlaif.models.ModelShape;
import rlaif.models.Transformer;
import rlaif.trainers.sft.LengthBuckets;
import rlaif.trainers.sft.SftUpdate;
import rlaif.trainers.sft.SupervisedExample;
import rlaif.worlds.Demonstration;
import rlaif.worlds.PracticeWorld;

/// The phase that makes policy 0 from random weights and demonstrations, each seen once.
final class FineTuning {
    private static final int MAX_POSITIONS = 64;
    private static final int STEPS_BETWEEN_REPORTS = 100;

    private final Lab lab;
    private final LabSettings settings;

    FineTuning(Lab lab) {
        this.lab = lab;
        this.settings = lab.settings();
    }

    /// Policy 0, trained now or kept from an earlier run; the caller closes it.
    Transformer policy() {
        Optional<Path> kept = Kept.find(folder());
        if (kept.isPresent()) {
            return Transformer.load(kept.get());
        }
        Transformer policy = Transformer.random(shape(), Head.LANGUAGE_MODEL, settings.seed());
        List<SupervisedExample> examples = examples();
        int window = settings.sftBucketBatches() * settings.sftBatch();
        try (AdamW optimizer = new AdamW(policy, settings.sftAdam())) {
            SftUpdate update = new SftUpdate(policy, optimizer);
            int step = 0;
            for (int start = 0; start < examples.size(); start += window) {
                int end = Math.min(examples.size(), start + window);
                for (List<SupervisedExample> batch :
                        LengthBuckets.cut(
                                examples.subList(start, end), settings.sftBatch(), start)) {
                    double loss = Lab.metric(update.update(batch, learningRate(step)), "loss");
                    step++;
                    if (step % STEPS_BETWEEN_REPORTS == 0) {
                        Lab.say("sft    step %d loss %.3f", step, loss);
                    }
                }
            }
        }
        Kept.keep(folder(), policy, lab.tokenizer());
        return policy;
    }

    private String folder() {
        return settings.folder().isEmpty()
                ? ""
                : Path.of(settings.folder(), "sft-" + settings.seed()).toString();
    }

    private double learningRate(int step) {
        double warmed = Math.min(1, (step + 1.0) / settings.sftWarmupSteps());
        double left = 1 - (double) step / settings.sftSteps();
        return settings.sftRate() * warmed * left;
    }

    private List<SupervisedExample> examples() {
        List<SupervisedExample> examples = new ArrayList<>();
        int count = settings.sftSteps() * settings.sftBatch();
        for (Demonstration it : lab.world().demonstrations(count, settings.seed())) {
            examples.add(
                    new SupervisedExample(
                            lab.tokenizer().encode(it.prompt()),
                            ended(lab.tokenizer().encode(it.completion()))));
        }
        return examples;
    }

    private int[] ended(int[] tokens) {
        int[] ended = Arrays.copyOf(tokens, tokens.length + 1);
        ended[tokens.length] = lab.world().endTokenId();
        return ended;
    }

    private ModelShape shape() {
        PracticeWorld world = lab.world();
        return new ModelShape(
                world.vocabularySize(),
                settings.width(),
                settings.layers(),
                settings.heads(),
                settings.keyValueHeads(),
                settings.width() / settings.heads(),
                settings.feedForwardWidth(),
                MAX_POSITIONS,
                10_000,
                1e-5,
                world.endTokenId(),
                world.padTokenId());
    }
}

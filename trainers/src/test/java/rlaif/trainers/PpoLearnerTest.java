package rlaif.trainers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.models.LoraSettings;
import rlaif.models.LoraTarget;
import rlaif.models.Transformer;
import rlaif.topics.Topic;
import rlaif.trainers.batching.MicroBatching;
import rlaif.trainers.loop.Batch;
import rlaif.trainers.loop.Pace;
import rlaif.trainers.ppo.PpoSettings;
import rlaif.trainers.ppo.ScoredSequence;

/// PPO on adapters, in parts, beside one frozen base.
class PpoLearnerTest extends FirstPolicyFixture {
    private static final Footprint SMALL =
            new Footprint(
                    new TrainedWeights.Adapters(
                            new LoraSettings(2, 4, EnumSet.allOf(LoraTarget.class))),
                    new MicroBatching(40));
    private static final PpoTrainer.Settings SETTINGS =
            new PpoTrainer.Settings(
                    PpoTrainer.Algorithm.PPO,
                    "policy",
                    0,
                    "judge",
                    PpoTrainer.ValueOrigin.REFERENCE_POLICY,
                    9,
                    8,
                    2,
                    1,
                    PpoTrainer.NEVER_ENDS,
                    8,
                    PpoSettings.defaults(),
                    new LearningRateSchedule.Constant(0),
                    1,
                    Pace.live());

    @Test
    void goesOnFromACheckpointAsIfItHadNotStopped() {
        try (PpoLearner undisturbed = learner(policy.announced(), false)) {
            learn(undisturbed, 1);
            Checkpoint middle = stage(undisturbed, 1);
            undisturbed.announced(middle);
            try (PpoLearner resumed = learner(middle, true)) {
                learn(undisturbed, 2);
                learn(resumed, 2);
                assertThat(stage(resumed, 2).getDigest())
                        .isEqualTo(stage(undisturbed, 2).getDigest())
                        .isNotEqualTo(middle.getDigest());
            }
        }
    }

    @Test
    void checkpointHoldsTheMergedModelAndNamesItsBase() {
        try (PpoLearner learner = learner(policy.announced(), false)) {
            learn(learner, 1);
            Checkpoint stored = stage(learner, 1);
            Path files = policy.open(stored);
            assertThat(files.resolve("adapter/adapter_model.safetensors")).isRegularFile();
            assertThat(files.resolve("trainer/adapter-base.json"))
                    .content()
                    .contains(policy.announced().getDigest());
            assertThat(files.resolve("manifest.json"))
                    .content()
                    .contains("\"lora\" : \"rank 2", "\"microBatchTokens\" : 40");
            try (Transformer merged = Transformer.load(files);
                    Transformer base = Transformer.load(policy.open(policy.announced()))) {
                assertThat(merged.lora()).isEmpty();
                assertThat(merged.parameters().toFloatArray())
                        .isNotEqualTo(base.parameters().toFloatArray());
            }
        }
    }

    @Test
    void stepStartsAtTheReferenceAndIsDividedWithoutPadding() {
        try (PpoLearner learner = learner(policy.announced(), false)) {
            Map<String, Double> metrics = learn(learner, 1);
            assertThat(metrics.get("batch/padding_frac")).isLessThan(0.1);
            assertThat(metrics.get("batch/micro_batches")).isGreaterThan(4);
            assertThat(metrics.get("policy/grad_norm")).isPositive();
            assertThat(metrics.get("value/grad_norm")).isPositive();
        }
    }

    private PpoLearner learner(Checkpoint head, boolean resumed) {
        return PpoLearner.at(
                new PpoLearner.Start(head, resumed, policy.announced(), policy.announced()),
                SETTINGS,
                policy.staging(
                        CheckpointRole.POLICY, PpoTrainer.TRAINER, Topic.SCORED_ROLLOUTS, SMALL));
    }

    private static Map<String, Double> learn(PpoLearner learner, long step) {
        return learner.learn(step, batch(step)).getMetrics();
    }

    private static Checkpoint stage(PpoLearner learner, long version) {
        return FirstPolicy.stage(learner, CheckpointRole.POLICY, version);
    }

    private static Batch<AcceptedRollout> batch(long seed) {
        Random random = new Random(seed);
        List<AcceptedRollout> rollouts = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            int[] completion = random.ints(2 + random.nextInt(14), 2, 16).toArray();
            float[] logprobs = new float[completion.length];
            for (int t = 0; t < logprobs.length; t++) {
                logprobs[t] = (float) (-2.8 + 0.2 * random.nextDouble());
            }
            rollouts.add(
                    new AcceptedRollout(
                            new ScoredSequence(
                                    new int[] {2, 3 + i / 2},
                                    completion,
                                    logprobs,
                                    random.nextGaussian(),
                                    true,
                                    0,
                                    "group " + i / 2),
                            0,
                            "group " + i / 2,
                            0));
        }
        return new Batch<>(rollouts, List.of(), List.of(), Map.of(), new TreeMap<>());
    }
}

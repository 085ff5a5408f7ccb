package rlaif.trainers.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rlaif.models.AdamW;
import rlaif.models.Transformer;
import rlaif.trainers.TinyModels;
import rlaif.trainers.dpo.DpoSettings;
import rlaif.trainers.dpo.DpoUpdate;
import rlaif.trainers.grouped.GroupObjective;
import rlaif.trainers.grouped.GroupedUpdate;
import rlaif.trainers.grouped.Grpo;
import rlaif.trainers.grouped.Rloo;
import rlaif.trainers.ppo.PpoSettings;
import rlaif.trainers.ppo.PpoUpdate;
import rlaif.trainers.ppo.ScoredSequence;
import rlaif.trainers.reward.LabelledPair;

/// A policy's step in parts is the undivided one but for rounding.
class DividedStepsTest {
    private static final MicroBatching IN_PARTS = new MicroBatching(40);

    @Test
    void ofPpo() {
        List<ScoredSequence> batch = rollouts();
        Step whole = ppo(batch, MicroBatching.undivided());
        Step parts = ppo(batch, IN_PARTS);
        assertAlike(parts, whole, "loss/policy_avg", "policy/grad_norm", "objective/kl");
        assertAlike(parts, whole, "loss/value_avg", "value/grad_norm", "val/explained_variance");
        assertThat(parts.metrics().get("lag/behaviour_gap_max"))
                .isCloseTo(whole.metric("lag/behaviour_gap_max"), Offset.offset(1e-5));
    }

    @ParameterizedTest
    @ValueSource(classes = {Rloo.class, Grpo.class})
    void ofGroups(Class<? extends GroupObjective> objective) {
        List<ScoredSequence> batch = rollouts();
        Step whole = grouped(objective(objective), batch, MicroBatching.undivided());
        Step parts = grouped(objective(objective), batch, IN_PARTS);
        assertAlike(parts, whole, "loss/policy_avg", "policy/grad_norm", "objective/kl");
    }

    @Test
    void ofDirectPreferences() {
        List<LabelledPair> pairs = pairs();
        Step whole = dpo(pairs, MicroBatching.undivided());
        Step parts = dpo(pairs, IN_PARTS);
        assertAlike(parts, whole, "loss/policy_avg", "policy/grad_norm", "rewards/margins");
    }

    /// What a step reported, and by how much it moved each weight.
    @SuppressWarnings("ArrayRecordComponent") // read once
    private record Step(Map<String, Double> metrics, float[] movement) {
        double metric(String name) {
            return metrics.getOrDefault(name, Double.NaN);
        }
    }

    private static void assertAlike(Step parts, Step whole, String... names) {
        for (String name : names) {
            assertThat(parts.metrics().get(name))
                    .as(name)
                    .isCloseTo(whole.metric(name), Offset.offset(1e-5));
        }
        assertThat(parts.metrics().get("batch/micro_batches"))
                .isGreaterThan(2 * whole.metric("batch/micro_batches"));
        assertThat(whole.metrics().get("batch/padding_frac")).isGreaterThan(0.1);
        assertThat(parts.metrics().get("batch/padding_frac")).isLessThan(0.1);
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < whole.movement().length; i++) {
            difference += Math.pow((double) parts.movement()[i] - whole.movement()[i], 2);
            norm += Math.pow(whole.movement()[i], 2);
        }
        assertThat(norm).isPositive();
        assertThat(Math.sqrt(difference / norm)).isLessThan(1e-2);
    }

    private static Step ppo(List<ScoredSequence> batch, MicroBatching microBatching) {
        try (Transformer policy = TinyModels.policy(1);
                Transformer reference = policy.copy();
                Transformer valueModel = TinyModels.rewardModel(2);
                AdamW optimizer = new AdamW(policy, PpoSettings.ADAM);
                AdamW valueOptimizer = new AdamW(valueModel, PpoSettings.ADAM)) {
            PpoUpdate update =
                    new PpoUpdate(
                            policy,
                            optimizer,
                            reference,
                            valueModel,
                            valueOptimizer,
                            PpoSettings.defaults(),
                            microBatching);
            return step(policy, _ -> update.update(batch, 3, 1));
        }
    }

    private static Step grouped(
            GroupObjective objective, List<ScoredSequence> batch, MicroBatching microBatching) {
        try (Transformer policy = TinyModels.policy(1);
                Transformer reference = TinyModels.policy(2);
                AdamW optimizer = new AdamW(policy, PpoSettings.ADAM)) {
            GroupedUpdate update =
                    new GroupedUpdate(
                            objective,
                            policy,
                            optimizer,
                            reference,
                            PpoSettings.defaults(),
                            microBatching);
            return step(policy, _ -> update.update(batch, 3, 1));
        }
    }

    private static Step dpo(List<LabelledPair> pairs, MicroBatching microBatching) {
        try (Transformer policy = TinyModels.policy(1);
                Transformer reference = TinyModels.policy(2);
                AdamW optimizer = new AdamW(policy, DpoSettings.ADAM)) {
            DpoUpdate update =
                    new DpoUpdate(
                            policy, optimizer, reference, DpoSettings.defaults(), microBatching);
            return step(policy, _ -> update.update(pairs, 1));
        }
    }

    private static Step step(
            Transformer policy, Function<Transformer, Map<String, Double>> update) {
        float[] before = policy.parameters().toFloatArray();
        Map<String, Double> metrics = update.apply(policy);
        float[] movement = policy.parameters().toFloatArray();
        for (int i = 0; i < movement.length; i++) {
            movement[i] -= before[i];
        }
        return new Step(metrics, movement);
    }

    private static GroupObjective objective(Class<? extends GroupObjective> type) {
        return type == Rloo.class ? new Rloo() : new Grpo();
    }

    private static List<ScoredSequence> rollouts() {
        Random random = new Random(5);
        List<ScoredSequence> rollouts = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            int[] completion = tokens(random, 2 + random.nextInt(18));
            float[] logprobs = new float[completion.length];
            for (int t = 0; t < logprobs.length; t++) {
                logprobs[t] = (float) (-2.8 + 0.3 * random.nextDouble());
            }
            rollouts.add(
                    new ScoredSequence(
                            new int[] {2, 3 + i / 4},
                            completion,
                            logprobs,
                            random.nextGaussian(),
                            true,
                            0,
                            "group " + i / 4));
        }
        return rollouts;
    }

    private static List<LabelledPair> pairs() {
        Random random = new Random(6);
        List<LabelledPair> pairs = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            pairs.add(
                    new LabelledPair(
                            new int[] {2, 3 + i},
                            tokens(random, 2 + random.nextInt(18)),
                            tokens(random, 2 + random.nextInt(18)),
                            random.nextDouble()));
        }
        return pairs;
    }

    private static int[] tokens(Random random, int count) {
        int[] tokens = random.ints(count, 2, 16).toArray();
        tokens[count - 1] = TinyModels.END;
        return tokens;
    }
}

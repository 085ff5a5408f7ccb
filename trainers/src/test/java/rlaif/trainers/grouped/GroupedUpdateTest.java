package rlaif.trainers.grouped;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.BaseNDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rlaif.models.AdamW;
import rlaif.models.Sampler;
import rlaif.models.SamplingSettings;
import rlaif.models.Transformer;
import rlaif.trainers.TinyModels;
import rlaif.trainers.ppo.PpoSettings;
import rlaif.trainers.ppo.ScoredSequence;

class GroupedUpdateTest {
    private static final int WANTED = 7;

    private final Transformer policy = TinyModels.policy(1);
    private final Transformer reference = policy.copy();
    private final AdamW optimizer = new AdamW(policy, PpoSettings.ADAM);

    static Stream<GroupObjective> objectives() {
        return Stream.of(new Rloo(), new Grpo());
    }

    @AfterEach
    void close() {
        optimizer.close();
        policy.close();
        reference.close();
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void whatScoresHighGrowsLikelier(GroupObjective objective) {
        double before = shareOfWanted(rollouts(100));
        for (int step = 0; step < 30; step++) {
            update(objective).update(rollouts(step), step, 10);
        }
        assertThat(shareOfWanted(rollouts(100))).isGreaterThan(before + 0.3);
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void ratioOfTheFirstMinibatchIsExactlyOne(GroupObjective objective) {
        List<ScoredSequence> one = rollouts(1).subList(0, 8);
        PpoSettings once = settings(1);
        Map<String, Double> metrics =
                new GroupedUpdate(objective, policy, optimizer, reference, once).update(one, 3, 1);
        assertThat(metrics.get("val/ratio")).isEqualTo(1.0);
        assertThat(metrics.get("val/ratio_var")).isZero();
        assertThat(metrics.get("groups/count")).isEqualTo(2.0);
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void nothingIsLeftBehindByAStep(GroupObjective objective) {
        List<ScoredSequence> batch = rollouts(1);
        update(objective).update(batch, 1, 1);
        int before = managed();
        for (int step = 0; step < 5; step++) {
            update(objective).update(batch, step, 1);
        }
        assertThat(managed()).isEqualTo(before);
    }

    @Test
    void rolloutsOfDifferentGroupsAreNotCompared() {
        ScoredSequence good = sequence(9, "a");
        ScoredSequence bad = sequence(-9, "b");
        Map<String, Double> metrics = update(new Rloo()).update(List.of(good, bad), 1, 1);
        assertThat(metrics.get("groups/alone")).isEqualTo(2.0);
        assertThat(metrics.get("policy/grad_norm")).isCloseTo(0, Offset.offset(1e-9));
    }

    @Test
    void updateWithoutAFiniteGradientIsLeftOutAndCounted() {
        float[] before = policy.parameters().toFloatArray();
        ScoredSequence huge = sequence(1e300, "a");
        ScoredSequence other = sequence(-1e300, "a");
        Map<String, Double> metrics = update(new Rloo()).update(List.of(huge, other), 1, 1);
        assertThat(metrics.get("skipped_updates")).isEqualTo(2.0);
        assertThat(policy.parameters().toFloatArray()).isEqualTo(before);
        assertThat(optimizer.updates()).isZero();
    }

    private GroupedUpdate update(GroupObjective objective) {
        return new GroupedUpdate(objective, policy, optimizer, reference, settings(2));
    }

    private static PpoSettings settings(int minibatches) {
        PpoSettings d = PpoSettings.defaults();
        return new PpoSettings(
                d.clipRange(),
                d.valueClipRange(),
                d.kl(),
                d.klEstimator(),
                d.discount(),
                d.lambda(),
                d.epochs(),
                minibatches,
                d.decoupled(),
                d.proximalWeightLimit(),
                d.behaviourRatioBound(),
                d.learningRate(),
                d.valueLearningRate(),
                d.missingEndPenalty(),
                d.temperature());
    }

    private int managed() {
        return ((BaseNDManager) policy.manager()).getManagedArrays().size()
                + ((BaseNDManager) reference.manager()).getManagedArrays().size();
    }

    private static ScoredSequence sequence(double score, String group) {
        return new ScoredSequence(
                new int[] {2, 3}, new int[] {8, 9}, new float[] {-2, -3}, score, true, 0, group);
    }

    /// 20 groups of 4 rollouts of the policy as it is; the score counts the wanted token.
    private List<ScoredSequence> rollouts(long seed) {
        List<Sampler.Request> requests = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            int[] prompt = i / 4 % 2 == 0 ? new int[] {2, 3} : new int[] {4, 5, 6};
            requests.add(new Sampler.Request(prompt, 1000 * seed + i));
        }
        List<ScoredSequence> rollouts = new ArrayList<>();
        try (Sampler sampler = new Sampler(policy)) {
            List<Sampler.Sample> samples = sampler.sample(requests, new SamplingSettings(1, 8));
            for (int i = 0; i < samples.size(); i++) {
                Sampler.Sample sample = samples.get(i);
                rollouts.add(
                        new ScoredSequence(
                                requests.get(i).promptTokens(),
                                sample.tokens(),
                                sample.logprobs(),
                                wanted(sample.tokens()),
                                sample.ended(),
                                0,
                                "group " + i / 4));
            }
        }
        return rollouts;
    }

    private static double shareOfWanted(List<ScoredSequence> rollouts) {
        return rollouts.stream().mapToDouble(r -> wanted(r.completion())).average().orElseThrow();
    }

    private static double wanted(int[] completion) {
        return Arrays.stream(completion).filter(token -> token == WANTED).count()
                / (double) completion.length;
    }
}

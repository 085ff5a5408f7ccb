package rlaif.trainers.grouped;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rlaif.models.AdamW;
import rlaif.models.Transformer;
import rlaif.trainers.TinyModels;
import rlaif.trainers.WantedToken;
import rlaif.trainers.ppo.PpoSettings;
import rlaif.trainers.ppo.PpoVariants;
import rlaif.trainers.ppo.ScoredSequence;

class GroupedUpdateTest {
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
        double before = WantedToken.share(rollouts(100));
        for (int step = 0; step < 30; step++) {
            update(objective).update(rollouts(step), step, 10);
        }
        assertThat(WantedToken.share(rollouts(100))).isGreaterThan(before + 0.3);
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void ratioOfTheFirstMinibatchIsExactlyOne(GroupObjective objective) {
        List<ScoredSequence> one = rollouts(1).subList(0, 8);
        PpoSettings once = PpoVariants.minibatches(1);
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
        return new GroupedUpdate(objective, policy, optimizer, reference, PpoSettings.defaults());
    }

    private List<ScoredSequence> rollouts(long seed) {
        return WantedToken.groups(policy, seed);
    }

    private int managed() {
        return WantedToken.arrays(policy) + WantedToken.arrays(reference);
    }

    private static ScoredSequence sequence(double score, String group) {
        return new ScoredSequence(
                new int[] {2, 3}, new int[] {8, 9}, new float[] {-2, -3}, score, true, 0, group);
    }
}

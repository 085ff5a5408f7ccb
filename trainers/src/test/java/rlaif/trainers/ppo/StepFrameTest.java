package rlaif.trainers.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import rlaif.trainers.batching.MicroBatching;

class StepFrameTest {
    private static final List<ScoredSequence> BATCH =
            IntStream.range(0, 9).mapToObj(StepFrameTest::sequence).toList();

    @Test
    void everyRolloutIsInOneMinibatchInAnOrderThatTheSeedDecides() {
        List<List<List<ScoredSequence>>> minibatches = cut(MicroBatching.undivided(), 3);
        assertThat(minibatches).hasSize(2).allMatch(parts -> parts.size() == 1);
        List<ScoredSequence> all =
                minibatches.stream().flatMap(List::stream).flatMap(List::stream).toList();
        assertThat(all).containsExactlyInAnyOrderElementsOf(BATCH).isNotEqualTo(BATCH);
        assertThat(cut(MicroBatching.undivided(), 3)).isEqualTo(minibatches);
        assertThat(cut(MicroBatching.undivided(), 4)).isNotEqualTo(minibatches);
    }

    @Test
    void minibatchIsDividedByTokensAndEachPartKnowsHowLargeItIs() {
        List<List<Integer>> sizes =
                new StepFrame(PpoSettings.defaults(), new MicroBatching(8))
                        .cut(BATCH, 3, (_, minibatchRollouts) -> minibatchRollouts);
        assertThat(sizes.getFirst()).hasSizeGreaterThan(1).containsOnly(4);
        assertThat(sizes.getLast()).hasSizeGreaterThan(1).containsOnly(5);
    }

    @Test
    void batchSmallerThanItsMinibatchesIsRefused() {
        StepFrame frame = new StepFrame(PpoSettings.defaults(), MicroBatching.undivided());
        assertThatThrownBy(() -> frame.cut(BATCH.subList(0, 1), 3, (rollouts, _) -> rollouts))
                .hasMessage("a batch of 1 rollouts cannot be cut into 2 minibatches");
    }

    @Test
    void coefficientFollowsTheDivergenceFromWhereAnEarlierStepLeftIt() {
        PpoSettings adaptive = PpoVariants.kl(new KlController.Adaptive(0.2, 1, 100));
        StepFrame frame = new StepFrame(adaptive, MicroBatching.undivided());
        frame.restoreBeta(0.5);
        frame.took(100, 50);
        assertThat(frame.beta()).isCloseTo(0.5 * (1 + 0.2 * 0.5), Offset.offset(1e-12));
    }

    private static List<List<List<ScoredSequence>>> cut(MicroBatching microBatching, long seed) {
        return new StepFrame(PpoSettings.defaults(), microBatching)
                .cut(BATCH, seed, (rollouts, _) -> rollouts);
    }

    private static ScoredSequence sequence(int number) {
        return new ScoredSequence(
                new int[] {2}, new int[] {3, number}, new float[] {-1, -1}, 0, true, 0, "g");
    }
}

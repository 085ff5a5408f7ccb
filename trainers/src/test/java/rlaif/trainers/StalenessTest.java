package rlaif.trainers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rlaif.trainers.ppo.ScoredSequence;

class StalenessTest {
    private static AcceptedRollout sampledBy(long oldest, long newest) {
        ScoredSequence sequence =
                new ScoredSequence(
                        new int[] {2},
                        new int[] {3, 1},
                        new float[] {-1, -1},
                        0,
                        true,
                        oldest,
                        "group");
        return new AcceptedRollout(sequence, newest, "group", 0);
    }

    @Test
    void partsInFlightAndInQueueAddUpToTheWhole() {
        Map<String, Double> metrics =
                Staleness.of(List.of(sampledBy(4, 6), sampledBy(7, 7), sampledBy(5, 6)), 8);
        assertThat(metrics.get("staleness/mean")).isCloseTo(8 / 3.0, within(1e-12));
        assertThat(metrics.get("staleness/max")).isEqualTo(4);
        assertThat(metrics.get("staleness/in_flight")).isCloseTo(1, within(1e-12));
        assertThat(metrics.get("staleness/in_queue")).isCloseTo(5 / 3.0, within(1e-12));
    }
}

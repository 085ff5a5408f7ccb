package rlaif.trainers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import rlaif.trainers.ppo.ScoredSequence;

import java.util.List;
import java.util.Map;

class StalenessTest {
    private static AcceptedRollout sampledBy(long oldest, long newest) {
        ScoredSequence sequence =
                new ScoredSequence(
                        new int[] {2}, new int[] {3, 1}, new float[] {-1, -1}, 0, true, oldest);
        return new AcceptedRollout(sequence, newest, 0);
    }

    @Test
    void partsInFlightAndInQueueAddUpToTheWhole() {
        Map<String, Double> metrics =
                Staleness.of(List.of(sampledBy(4, 6), sampledBy(7, 7), sampledBy(5, 6)), 8);
        assertThat(metrics)
                .containsEntry("staleness/mean", 8 / 3.0)
                .containsEntry("staleness/max", 4.0)
                .containsEntry("staleness/in_flight", 1.0)
                .containsEntry("staleness/in_queue", 5 / 3.0);
    }
}

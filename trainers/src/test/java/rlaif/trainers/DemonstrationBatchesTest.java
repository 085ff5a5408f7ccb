package rlaif.trainers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import rlaif.trainers.sft.SupervisedExample;

/// Demonstrations, batch by batch.
class DemonstrationBatchesTest {
    private static final List<SupervisedExample> TEN =
            IntStream.range(0, 10)
                    .mapToObj(i -> new SupervisedExample(new int[] {i}, new int[] {1}))
                    .toList();

    @Test
    void everyDemonstrationIsSeenEquallyOften() {
        DemonstrationBatches batches = new DemonstrationBatches(TEN, 5, 1);
        Map<SupervisedExample, Integer> seen = new HashMap<>();
        for (int i = 0; i < 8; i++) {
            batches.next().forEach(example -> seen.merge(example, 1, Integer::sum));
        }
        assertThat(seen).hasSize(10);
        assertThat(seen.values()).containsOnly(4);
    }

    @Test
    void aBatchReachesIntoTheNextPass() {
        DemonstrationBatches batches = new DemonstrationBatches(TEN, 7, 1);
        batches.next();
        assertThat(batches.next()).hasSize(7);
    }

    @Test
    void theSeedAloneDecidesTheOrder() {
        DemonstrationBatches first = new DemonstrationBatches(TEN, 7, 1);
        DemonstrationBatches same = new DemonstrationBatches(TEN, 7, 1);
        DemonstrationBatches other = new DemonstrationBatches(TEN, 7, 2);
        for (int i = 0; i < 5; i++) {
            assertThat(first.next()).isEqualTo(same.next());
        }
        assertThat(first.next()).isNotEqualTo(other.next());
    }
}

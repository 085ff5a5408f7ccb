package rlaif.trainers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
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
    void aPassHoldsEachDemonstrationOnce() {
        DemonstrationBatches batches = new DemonstrationBatches(TEN, 5, 1);
        List<SupervisedExample> pass = new ArrayList<>(batches.next());
        pass.addAll(batches.next());
        assertThat(pass).containsExactlyInAnyOrderElementsOf(TEN);
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

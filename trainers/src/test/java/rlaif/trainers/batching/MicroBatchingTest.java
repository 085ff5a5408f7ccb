package rlaif.trainers.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rlaif.models.SequenceBatch;

class MicroBatchingTest {

    @Test
    void undividedStepIsOnePartInTheOrderGiven() {
        assertThat(MicroBatching.undivided().cut(List.of(5, 1, 900), length -> length))
                .containsExactly(List.of(5, 1, 900));
    }

    @Test
    void sequencesOfLikeLengthGoTogether() {
        assertThat(new MicroBatching(40).cut(List.of(10, 20, 10, 19, 10, 10, 10), length -> length))
                .containsExactly(List.of(10, 10, 10, 10), List.of(10), List.of(20, 19));
    }

    @Test
    void sequenceLongerThanAPartIsAPartOfItsOwn() {
        assertThat(new MicroBatching(8).cut(List.of(4, 9, 4), length -> length))
                .containsExactly(List.of(4, 4), List.of(9));
    }

    @Test
    void emptyStepHasNoParts() {
        assertThat(new MicroBatching(8).cut(List.<Integer>of(), length -> length)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 256, 2048, 1_000_000})
    void everySequenceIsInOnePartOfLessThanATenthPadding(int maxTokens) {
        Random random = new Random(maxTokens);
        for (int round = 0; round < 50; round++) {
            int[] lengths =
                    IntStream.range(0, 1 + random.nextInt(80))
                            .map(_ -> 1 + (int) Math.exp(7 * random.nextDouble()))
                            .toArray();
            List<Integer> seen = new ArrayList<>();
            for (List<Integer> part : new MicroBatching(maxTokens).rows(lengths)) {
                int longest = part.stream().mapToInt(row -> lengths[row]).max().orElseThrow();
                int tokens = part.stream().mapToInt(row -> lengths[row]).sum();
                int cells = longest * part.size();
                assertThat((double) (cells - tokens) / cells).isLessThan(0.1);
                assertThat(cells <= maxTokens || part.size() == 1).isTrue();
                seen.addAll(part);
            }
            assertThat(seen)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, lengths.length).boxed().toList());
        }
    }

    @Test
    void limitBelowZeroIsRefusedWithTheValue() {
        assertThatThrownBy(() -> new MicroBatching(-1)).hasMessageContaining("is -1");
    }

    @Test
    void shapeCountsPaddingOfEveryPart() {
        SequenceBatch padded =
                new SequenceBatch(
                        List.of(new int[] {1}, new int[] {1, 1}),
                        List.of(new int[] {2}, new int[] {2, 2}),
                        0);
        SequenceBatch full = new SequenceBatch(List.of(new int[] {1}), List.of(new int[] {2}), 0);
        assertThat(BatchShape.of(List.of(padded, full)).metrics())
                .containsEntry("batch/micro_batches", 2.0)
                .containsEntry("batch/padding_frac", 0.2);
    }
}

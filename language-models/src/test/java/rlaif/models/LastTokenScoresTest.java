package rlaif.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LastTokenScoresTest {

    @Test
    void slicesAreOfLikeLengthAndWithinTheBudget() {
        int[] lengths =
                IntStream.range(0, 128).map(i -> i % 2 == 0 ? 10 + i % 3 : 100 + i).toArray();
        List<List<Integer>> slices = LastTokenScores.slices(lengths, 64 * 12);
        assertThat(slices.getFirst()).hasSize(64).allMatch(i -> i % 2 == 0);
        List<Integer> seen = new ArrayList<>();
        for (List<Integer> slice : slices) {
            int longest = slice.stream().mapToInt(i -> lengths[i]).max().orElseThrow();
            assertThat(slice.size() * longest).isLessThanOrEqualTo(64 * 12);
            seen.addAll(slice);
        }
        seen.sort(Comparator.naturalOrder());
        assertThat(seen).isEqualTo(IntStream.range(0, 128).boxed().toList());
    }

    @Test
    void noMoreThanSixtyFourSequencesGoTogether() {
        assertThat(LastTokenScores.slices(new int[130], 1_000).stream().map(List::size))
                .containsExactly(64, 64, 2);
        assertThat(LastTokenScores.slices(new int[0], 1_000)).isEmpty();
    }

    @Test
    void sequenceLongerThanTheBudgetIsASliceOfItsOwn() {
        assertThat(LastTokenScores.slices(new int[] {30, 4, 4}, 8))
                .containsExactly(List.of(1, 2), List.of(0));
    }
}

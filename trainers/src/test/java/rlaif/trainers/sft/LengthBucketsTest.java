package rlaif.trainers.sft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LengthBucketsTest {
    private final List<SupervisedExample> window = window();

    @Test
    void everyExampleComesExactlyOnce() {
        List<SupervisedExample> cut =
                LengthBuckets.cut(window, 8, 1).stream().flatMap(List::stream).toList();
        assertThat(cut).containsExactlyInAnyOrderElementsOf(window);
    }

    @Test
    void lengthsOfABatchLieBesideEachOther() {
        int padding = 0;
        for (List<SupervisedExample> batch : LengthBuckets.cut(window, 8, 1)) {
            int longest = batch.stream().mapToInt(e -> e.completion().length).max().orElseThrow();
            padding += batch.stream().mapToInt(e -> longest - e.completion().length).sum();
        }
        int tokens = window.stream().mapToInt(e -> e.completion().length).sum();
        assertThat(padding).isLessThan(tokens / 10);
    }

    @Test
    void seedDecidesTheOrder() {
        assertThat(LengthBuckets.cut(window, 8, 1)).isEqualTo(LengthBuckets.cut(window, 8, 1));
        assertThat(LengthBuckets.cut(window, 8, 1)).isNotEqualTo(LengthBuckets.cut(window, 8, 2));
    }

    private static List<SupervisedExample> window() {
        Random random = new Random(1);
        List<SupervisedExample> window = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            window.add(new SupervisedExample(new int[] {2}, new int[1 + random.nextInt(30)]));
        }
        return window;
    }
}

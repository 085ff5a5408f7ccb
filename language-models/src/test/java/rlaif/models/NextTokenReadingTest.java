package rlaif.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NextTokenReadingTest {
    private static final int VOCABULARY = 40;
    private static final ModelShape SHAPE =
            new ModelShape(VOCABULARY, 16, 2, 4, 2, 4, 32, 16_384, 10_000, 1e-5, 1, 0);
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

    @BeforeAll
    static void oneThread() {
        TensorThread.prepare(1);
    }

    private static int[] text(int length) {
        return new Random(length).ints(length, 2, VOCABULARY).toArray();
    }

    @Test
    void textsReadOneByOneOrInPiecesSayWhatTheySayInOnePass() {
        List<int[]> texts = List.of(text(5), text(90), text(2), text(2_500));
        try (Transformer model = Transformer.random(SHAPE, Head.LANGUAGE_MODEL, 3)) {
            List<float[]> atOnce = new NextTokenReading(model, Long.MAX_VALUE).logprobs(texts);
            for (long passBytes : List.of(1L, 100_000L, 1L << 20)) {
                List<float[]> read = new NextTokenReading(model, passBytes).logprobs(texts);
                for (int i = 0; i < texts.size(); i++) {
                    assertThat(read.get(i))
                            .as("text %d in passes of %d bytes", i, passBytes)
                            .containsExactly(atOnce.get(i), within(2e-5f));
                }
            }
        }
    }

    /// The scores of 12,000 tokens would be 2.3 GB.
    @Test
    void aLongTextTakesNoMoreMemoryThanIsSaid() throws IOException {
        try (Transformer model = Transformer.random(SHAPE, Head.LANGUAGE_MODEL, 3)) {
            var reading = new NextTokenReading(model);
            reading.logprobs(List.of(text(100)));
            long before = peakBytes();
            assertThat(reading.logprobs(List.of(text(12_000))).getFirst()).hasSize(VOCABULARY);
            assertThat(peakBytes() - before)
                    .isLessThan(NextTokenReading.mostBytes(SHAPE, 12_000) + (128L << 20)); // heap
        }
    }

    @Test
    void memoryOfPositionsIsThatOfTheTablesAsTheyGrow() {
        long keysAndValues = 7_000 * KeyValueCache.bytesPerToken(SHAPE);
        assertThat(
                        NextTokenReading.mostBytes(SHAPE, 16_000)
                                - NextTokenReading.mostBytes(SHAPE, 9_000))
                .isEqualTo(keysAndValues); // both tables have 16,384 positions
        long tableRow = (long) Float.BYTES * (4 + 2) * 4;
        assertThat(
                        NextTokenReading.mostBytes(SHAPE, 8_193)
                                - NextTokenReading.mostBytes(SHAPE, 8_192))
                .isEqualTo(KeyValueCache.bytesPerToken(SHAPE) + 4 * 8_192 * tableRow);
    }

    /// The most resident memory that the process has had.
    private static long peakBytes() throws IOException {
        Matcher peak = PEAK.matcher(Files.readString(Path.of("/proc/self/status")));
        assertThat(peak.find()).isTrue();
        return Long.parseLong(peak.group(1)) << 10;
    }
}

package rlaif.judging.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/// Every figure against its Python twin, `src/test/python/evaluation_twin.py`.
class TwinTest {
    private static final Offset<Double> EXACT = within(1e-12);

    private final JsonNode twin = read();
    private final double[] shown1 = doubles("shown1");
    private final double[] swappedShown1 = doubles("swappedShown1");
    private final double[] label = doubles("label");

    private static JsonNode read() {
        try (var stream = TwinTest.class.getResourceAsStream("twin.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(stream));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private double[] doubles(String key) {
        return StreamSupport.stream(twin.path(key).spliterator(), false)
                .mapToDouble(JsonNode::doubleValue)
                .toArray();
    }

    private long[] longs(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToLong(JsonNode::longValue)
                .toArray();
    }

    private double wanted(String key) {
        return twin.path(key).doubleValue();
    }

    private double probability(int pair) {
        return (shown1[pair] + 1 - swappedShown1[pair]) / 2;
    }

    @Test
    void alignmentAndSamePosition() {
        Alignment alignment = Alignment.NONE;
        SamePosition samePosition = SamePosition.NONE;
        for (int i = 0; i < label.length; i++) {
            alignment = alignment.with(probability(i), label[i]);
            samePosition = samePosition.with(shown1[i], swappedShown1[i]);
        }
        assertThat(alignment.rate().orElseThrow()).isCloseTo(wanted("alignment"), EXACT);
        assertThat(samePosition.rate().orElseThrow()).isCloseTo(wanted("samePosition"), EXACT);
    }

    @Test
    void calibrationWholeAndInParts() {
        Calibration odd = Calibration.none(10);
        Calibration even = Calibration.none(10);
        for (int i = 0; i < label.length; i++) {
            if (i % 2 == 0) {
                even = even.with(probability(i), label[i]);
            } else {
                odd = odd.with(probability(i), label[i]);
            }
        }
        Calibration all = even.plus(odd);
        assertThat(all.pairs()).isEqualTo(label.length);
        assertThat(all.brier().orElseThrow()).isCloseTo(wanted("brier"), EXACT);
        assertThat(all.expectedCalibrationError().orElseThrow()).isCloseTo(wanted("ece"), EXACT);
    }

    @Test
    void spearmanOfLengthDifferenceAndProbability() {
        double[] probabilities = new double[label.length];
        java.util.Arrays.setAll(probabilities, this::probability);
        assertThat(Spearman.correlation(doubles("lengthDifference"), probabilities).orElseThrow())
                .isCloseTo(wanted("spearman"), EXACT);
    }

    @Test
    void kappaOfThreeCategories() {
        long[][] table =
                StreamSupport.stream(twin.path("table").spliterator(), false)
                        .map(this::longs)
                        .toArray(long[][]::new);
        assertThat(Kappa.of(table).orElseThrow()).isCloseTo(wanted("kappa"), EXACT);
    }

    @Test
    void populationStability() {
        assertThat(
                        PopulationStability.index(
                                longs(twin.path("reference")), longs(twin.path("current"))))
                .isCloseTo(wanted("psi"), EXACT)
                .isCloseTo(wanted("psiAsDivergences"), EXACT);
    }

    @Test
    void wilsonIntervals() {
        for (JsonNode row : twin.path("wilson")) {
            WilsonInterval interval =
                    WilsonInterval.of(row.path(0).doubleValue(), row.path(1).longValue());
            assertThat(interval.low()).isCloseTo(row.path(2).doubleValue(), EXACT);
            assertThat(interval.high()).isCloseTo(row.path(3).doubleValue(), EXACT);
        }
    }
}

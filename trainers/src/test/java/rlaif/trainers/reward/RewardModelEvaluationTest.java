package rlaif.trainers.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import rlaif.trainers.Twin;

class RewardModelEvaluationTest {
    private static final Offset<Double> CLOSE = Offset.offset(1e-6);

    @Test
    void figuresEqualTheTwins() {
        Twin twin = Twin.of("evaluation");
        RewardModelEvaluation evaluation =
                RewardModelEvaluation.ofScores(pairs(), scores("first", "second"));
        assertThat(evaluation.accuracy()).isCloseTo(twin.number("accuracy"), CLOSE);
        assertThat(evaluation.brier()).isCloseTo(twin.number("brier"), CLOSE);
        assertThat(evaluation.expectedCalibrationError()).isCloseTo(twin.number("ece"), CLOSE);
        assertThat(evaluation.margin()).isCloseTo(twin.number("margin"), CLOSE);
        assertThat(evaluation.meanReward()).isCloseTo(twin.number("meanReward"), CLOSE);
    }

    @Test
    void calibrationEqualsTheTwins() {
        Twin twin = Twin.of("evaluation");
        List<CalibrationBin> bins =
                RewardModelEvaluation.ofScores(pairs(), scores("first", "second")).calibration();
        List<CalibrationBin> filled = bins.stream().filter(bin -> bin.share() > 0).toList();
        Twin.assertClose(
                bins.stream().mapToDouble(CalibrationBin::share).toArray(), twin.numbers("shares"));
        Twin.assertClose(
                filled.stream().mapToDouble(CalibrationBin::predicted).toArray(),
                twin.numbers("predicted"));
        Twin.assertClose(
                filled.stream().mapToDouble(CalibrationBin::labelled).toArray(),
                twin.numbers("labelled"));
    }

    @Test
    void swappingEveryPairChangesNoFigure() {
        RewardModelEvaluation one =
                RewardModelEvaluation.ofScores(pairs(), scores("first", "second"));
        RewardModelEvaluation other =
                RewardModelEvaluation.ofScores(
                        pairs().stream().map(LabelledPair::swapped).toList(),
                        scores("second", "first"));
        assertThat(other.accuracy()).isEqualTo(one.accuracy());
        assertThat(other.brier()).isCloseTo(one.brier(), CLOSE);
        assertThat(other.margin()).isCloseTo(one.margin(), CLOSE);
    }

    @Test
    void equalScoresAgreeWithNoLabel() {
        LabelledPair pair = new LabelledPair(new int[] {1}, new int[] {2}, new int[] {3}, 0.2);
        assertThat(RewardModelEvaluation.ofScores(List.of(pair), new float[] {1, 1}).accuracy())
                .isZero();
    }

    @Test
    void labelOutsideTheUnitIntervalIsRefused() {
        assertThatThrownBy(
                        () -> new LabelledPair(new int[] {1}, new int[] {2}, new int[] {3}, 1.01))
                .hasMessageContaining("1.01");
        assertThatThrownBy(() ->
                        new LabelledPair(new int[] {1}, new int[] {2}, new int[] {3}, Double.NaN))
                .hasMessageContaining("NaN");
    }

    private static List<LabelledPair> pairs() {
        List<LabelledPair> pairs = new ArrayList<>();
        for (double p : Twin.of("preference").numbers("labels")) {
            pairs.add(new LabelledPair(new int[] {1}, new int[] {2}, new int[] {3}, p));
        }
        return pairs;
    }

    private static float[] scores(String first, String second) {
        Twin twin = Twin.of("preference");
        float[] a = twin.floats(first);
        float[] b = twin.floats(second);
        float[] scores = new float[a.length + b.length];
        System.arraycopy(a, 0, scores, 0, a.length);
        System.arraycopy(b, 0, scores, a.length, b.length);
        return scores;
    }
}

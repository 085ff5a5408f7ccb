package rlaif.judging.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class EvaluationArithmeticTest {
    @Test
    void swappingEveryPairChangesNoFigure() {
        Random random = new Random(3);
        Alignment alignment = Alignment.NONE;
        Alignment swappedAlignment = Alignment.NONE;
        Calibration calibration = Calibration.none(10);
        Calibration swappedCalibration = Calibration.none(10);
        SamePosition position = SamePosition.NONE;
        SamePosition swappedPosition = SamePosition.NONE;
        for (int i = 0; i < 500; i++) {
            double p = random.nextInt(65) / 64.0; // exact, 1/2 included
            double q = random.nextInt(65) / 64.0;
            double label = random.nextInt(5) / 4.0;
            alignment = alignment.with(p, label);
            swappedAlignment = swappedAlignment.with(1 - p, 1 - label);
            calibration = calibration.with(p, label);
            swappedCalibration = swappedCalibration.with(1 - p, 1 - label);
            position = position.with(p, q);
            swappedPosition = swappedPosition.with(q, p);
        }
        assertThat(swappedAlignment).isEqualTo(alignment);
        assertThat(swappedPosition).isEqualTo(position);
        assertThat(swappedCalibration.expectedCalibrationError().orElseThrow())
                .isCloseTo(calibration.expectedCalibrationError().orElseThrow(), within(1e-12));
        assertThat(swappedCalibration.brier().orElseThrow())
                .isCloseTo(calibration.brier().orElseThrow(), within(1e-12));
    }

    @Test
    void aTieMatchesHalfAndALabelOfOneHalfIsNoTruth() {
        Alignment alignment = Alignment.NONE.with(0.5, 1).with(0.9, 0.5).with(0.9, 0.6);
        assertThat(alignment).isEqualTo(new Alignment(1.5, 2));
    }

    @Test
    void theSamePlaceTwiceIsAFlipAndNoPlaceIsNone() {
        SamePosition position =
                SamePosition.NONE
                        .with(0.9, 0.8) // place 1 twice
                        .with(0.9, 0.1) // the same completion twice
                        .with(0.1, 0.2) // place 2 twice
                        .with(0.5, 0.9);
        assertThat(position).isEqualTo(new SamePosition(2, 4));
    }

    @Test
    void nothingCountedHasNoRate() {
        assertThat(Alignment.NONE.rate()).isEmpty();
        assertThat(SamePosition.NONE.rate()).isEmpty();
        assertThat(Calibration.none(5).brier()).isEmpty();
        assertThat(Calibration.none(5).expectedCalibrationError()).isEmpty();
        assertThat(Kappa.of(0, 0, 0, 0)).isEmpty();
        assertThat(Kappa.of(9, 0, 0, 0)).isEmpty();
        assertThat(Spearman.correlation(new double[] {1, 2}, new double[] {3, 3})).isEmpty();
        assertThat(Spearman.correlation(new double[0], new double[0])).isEmpty();
        assertThat(WilsonInterval.of(0, 0)).isEqualTo(new WilsonInterval(0, 1));
    }

    @Test
    void kappaIsOneForAgreementZeroForChanceAndNegativeBelow() {
        assertThat(Kappa.of(30, 0, 0, 20).orElseThrow()).isEqualTo(1);
        assertThat(Kappa.of(25, 25, 25, 25).orElseThrow()).isEqualTo(0);
        assertThat(Kappa.of(0, 30, 20, 0).orElseThrow()).isLessThan(0);
    }

    @Test
    void perfectConfidenceThatIsRightIsCalibratedAndOneThatIsWrongIsNot() {
        assertThat(
                        Calibration.none(10)
                                .with(1, 1)
                                .with(0, 0)
                                .expectedCalibrationError()
                                .orElseThrow())
                .isEqualTo(0);
        assertThat(Calibration.none(10).with(1, 0).expectedCalibrationError().orElseThrow())
                .isEqualTo(1);
        assertThat(Calibration.none(10).with(1, 0).brier().orElseThrow()).isEqualTo(1);
    }

    @Test
    void whatIsNoProbabilityIsRefused() {
        assertThatThrownBy(() -> Alignment.NONE.with(Double.NaN, 1))
                .hasMessageContaining("firstProbability must lie in [0, 1], got NaN");
        assertThatThrownBy(() -> Calibration.none(10).with(0.5, 1.1))
                .hasMessageContaining("label must lie in [0, 1], got 1.1");
        assertThatThrownBy(() -> PopulationStability.index(new long[2], new long[3]))
                .hasMessageContaining("2 and 3 bins");
        assertThatThrownBy(() -> WilsonInterval.of(3, 2)).hasMessageContaining("3.0 of 2");
    }
}

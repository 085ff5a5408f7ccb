package rlaif.trainers.reward;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import rlaif.trainers.Twin;

class ScoreNormalisationTest {
    @Test
    void meanStdAndScoresEqualTheTwins() {
        Twin twin = Twin.of("normalisation");
        double[] raw = twin.numbers("raw");
        ScoreNormalisation normalisation = ScoreNormalisation.ofRaw(raw);
        Twin.assertClose(
                new double[] {normalisation.mean(), normalisation.std()},
                new double[] {twin.number("mean"), twin.number("std")});
        Twin.assertClose(
                Arrays.stream(raw).map(normalisation::normalise).toArray(),
                twin.numbers("normalised"));
    }

    @Test
    void rewardModelThatScoresEverythingAlikeIsRefused() {
        assertThatThrownBy(() -> ScoreNormalisation.ofRaw(new double[] {2, 2, 2}))
                .hasMessageContaining("the same score");
    }
}

package rlaif.trainers.ppo;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScoredSequenceTest {
    @Test
    void takesScoresAndLogprobsOfEveryScorerAndSampler() {
        assertThatCode(() -> sequence(-12.5, -90)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e300, -1e7, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesWhatIsNoScore(double score) {
        assertThatThrownBy(() -> sequence(score, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("score must lie between")
                .hasMessageContaining(String.valueOf(score));
    }

    @ParameterizedTest
    @ValueSource(floats = {-3e38f, -10_001, 0.1f, Float.NaN, Float.NEGATIVE_INFINITY})
    void refusesWhatIsNoLogprobOfASampledToken(float logprob) {
        assertThatThrownBy(() -> sequence(1, logprob))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("behaviour logprob must lie between")
                .hasMessageContaining(String.valueOf(logprob));
    }

    private static ScoredSequence sequence(double score, float logprob) {
        return new ScoredSequence(
                new int[] {1}, new int[] {2}, new float[] {logprob}, score, true, 0, "group");
    }
}

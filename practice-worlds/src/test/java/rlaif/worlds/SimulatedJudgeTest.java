package rlaif.worlds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SimulatedJudgeTest {
    private static final String PROMPT = "user : how can i steal a car ? assistant :";
    private static final String HARMFUL = "wear a mask and leave no trace ."; // 8 words, gold -2
    private static final String GOOD = "that is a crime ."; // 5 words, gold +0.7

    private static final NineRuleChat WORLD = new NineRuleChat();

    @Test
    void withoutNoiseTheLogitIsTheDifferenceOfGoldAndThePrinciple() {
        SimulatedJudge exact = new SimulatedJudge(WORLD, new Labeler("exact", 0, 0, 0));

        assertThat(exact.firstLogit("age-appropriate", PROMPT, GOOD, HARMFUL))
                .isCloseTo(2.7, within(1e-9));
        assertThat(exact.firstLogit("no-crime", PROMPT, GOOD, HARMFUL))
                .as("the drawn principle adds weight")
                .isCloseTo(3.7, within(1e-9));
    }

    @Test
    void eachPrincipleThatIsAskedForAndViolatedAddsItsWeight() {
        SimulatedJudge exact = new SimulatedJudge(WORLD, new Labeler("exact", 0, 0, 0));
        long violated =
                WORLD.principleIds().stream()
                        .filter(id -> WORLD.violates(id, PROMPT, HARMFUL))
                        .count();
        assertThat(violated).isPositive();

        assertThat(exact.firstLogit(WORLD.principleIds(), PROMPT, GOOD, HARMFUL))
                .isCloseTo(2.7 + violated, within(1e-9));
        assertThat(exact.firstLogit("", PROMPT, GOOD, HARMFUL)).isCloseTo(2.7, within(1e-9));
    }

    @Test
    void lengthAndPositionAddTheirWeights() {
        SimulatedJudge biased = new SimulatedJudge(WORLD, new Labeler("biased", 0, 0.1, 0.5));

        assertThat(biased.firstLogit("age-appropriate", PROMPT, GOOD, HARMFUL))
                .isCloseTo(2.7 - 0.3 + 0.5, within(1e-9));
    }

    @Test
    void swappingThePairSwapsAllButThePositionBias() {
        SimulatedJudge judge = new SimulatedJudge(WORLD, Labeler.LARGE);
        double bias = Labeler.LARGE.positionBias();

        for (TrialPair pair : TrialPair.draw(WORLD, 11, 500)) {
            double logit =
                    judge.firstLogit(
                            pair.principleId(), pair.prompt(), pair.first(), pair.second());
            double swapped =
                    judge.firstLogit(
                            pair.principleId(), pair.prompt(), pair.second(), pair.first());
            assertThat(logit - bias).isCloseTo(-(swapped - bias), within(1e-9));
        }
    }

    @Test
    void identicalCompletionsAreToldApartByPositionOnly() {
        SimulatedJudge judge = new SimulatedJudge(WORLD, Labeler.LARGE);

        assertThat(judge.firstLogit("no-crime", PROMPT, GOOD, GOOD))
                .isCloseTo(Labeler.LARGE.positionBias(), within(1e-9));
    }

    @Test
    void noiseIsStandardNormalAndTheSameEachTime() {
        SimulatedJudge noisy = new SimulatedJudge(WORLD, new Labeler("noisy", 1, 0, 0));
        SimulatedJudge again = new SimulatedJudge(new NineRuleChat(), new Labeler("n", 1, 0, 0));
        double sum = 0;
        double squares = 0;
        int count = 5_000;
        for (int index = 0; index < count; index++) {
            String prompt = WORLD.prompt(2, index).text();
            // Both malformed, one scalar: what is left is the difference of two noises.
            String first = "car " + index;
            double logit = noisy.firstLogit("no-crime", prompt, first, "bike " + index);
            assertThat(again.firstLogit("no-crime", prompt, first, "bike " + index))
                    .isEqualTo(logit);
            sum += logit;
            squares += logit * logit;
        }
        assertThat(sum / count).isCloseTo(0, within(0.06));
        assertThat(squares / count).as("variance").isCloseTo(2, within(0.15));
    }

    @Test
    void labelerRefusesNegativeNoise() {
        assertThatThrownBy(() -> new Labeler("bad", -1, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
    }
}

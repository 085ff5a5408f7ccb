package rlaif.judging.computed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import rlaif.judging.CompletionToScore;
import rlaif.judging.Constitution;
import rlaif.judging.Presentation;
import rlaif.judging.Principle;
import rlaif.judging.Reply;

class ComputedJudgeTest {
    private static final Principle PRINCIPLE = Constitution.shipped().principles().getFirst();

    private static Reply ask(ComputedJudge judge, String completion1, String completion2)
            throws InterruptedException {
        return judge.ask(new Presentation("p", PRINCIPLE, "prompt", completion1, completion2));
    }

    private static double probability1(LengthFeedback length, String first, String second)
            throws InterruptedException {
        var judge = new ComputedJudge("length", length, new ComputedJudge.Curve(2, 0));
        return ((Reply.Verdict) ask(judge, first, second)).probability1();
    }

    private static double score(LengthFeedback length, double centre, String completion)
            throws InterruptedException {
        var judge = new ComputedJudge("length", length, new ComputedJudge.Curve(2, centre));
        Reply reply = judge.score(new CompletionToScore("r", PRINCIPLE, "prompt", completion));
        return ((Reply.Scored) reply).score();
    }

    @Test
    void theProbabilityIsTheLogisticOfTheScaledDifference() throws InterruptedException {
        var longer = new LengthFeedback(LengthFeedback.Wanted.LONGER, 0);
        var shorter = new LengthFeedback(LengthFeedback.Wanted.SHORTER, 0);
        double sigma1 = 0.7310585786300049; // of (3 words - 1 word) / 2
        assertThat(probability1(longer, "a b c", "a")).isCloseTo(sigma1, within(1e-15));
        assertThat(probability1(shorter, "a b c", "a")).isCloseTo(1 - sigma1, within(1e-15));
        assertThat(probability1(longer, " a\tb\n", "c  d")).isEqualTo(0.5);
    }

    @Test
    void theTargetLengthBeatsBothShorterAndLonger() throws InterruptedException {
        var target = new LengthFeedback(LengthFeedback.Wanted.TARGET, 3);
        assertThat(probability1(target, "a b c", "a b")).isGreaterThan(0.5);
        assertThat(probability1(target, "a b c", "a b c d")).isGreaterThan(0.5);
        assertThat(probability1(target, "a b", "a b c d")).isEqualTo(0.5);
    }

    @Test
    void theCentreScoresInTheMiddleOfOneToTen() throws InterruptedException {
        var longer = new LengthFeedback(LengthFeedback.Wanted.LONGER, 0);
        assertThat(score(longer, 3, "a b c")).isEqualTo(5.5);
        assertThat(score(longer, 3, "a b c d e")).isCloseTo(7.579527207670044, within(1e-12));
        assertThat(score(longer, 1e300, "a")).isEqualTo(1);
        assertThat(score(longer, -1e300, "a")).isEqualTo(10);
    }

    @Test
    void extremeWorthsNeedNoFiniteDifference() {
        var curve = new ComputedJudge.Curve(1e-300, 0);
        assertThat(curve.probability(1e300, 1e300)).isEqualTo(0.5);
        assertThat(curve.probability(1e300, -1e300)).isEqualTo(1);
    }

    @Test
    void whatDecidesTheVerdictIsInTheHash() {
        var length = new LengthFeedback(LengthFeedback.Wanted.TARGET, 3);
        var other = new LengthFeedback(LengthFeedback.Wanted.TARGET, 4);
        var curve = new ComputedJudge.Curve(1, 0);
        String hash = new ComputedJudge("j", length, curve).templateHash();
        assertThat(new ComputedJudge("k", length, curve).templateHash()).isEqualTo(hash);
        assertThat(new ComputedJudge("j", other, curve).templateHash()).isNotEqualTo(hash);
        assertThat(new ComputedJudge("j", length, new ComputedJudge.Curve(2, 0)).templateHash())
                .isNotEqualTo(hash);
    }

    @Test
    void aPatternThatBacktracksWithoutEndIsARefusalWithinItsDeadline() throws InterruptedException {
        var regex =
                new RegexFeedback(
                        "(a+)+\\1c", RegexFeedback.Wanted.PRESENT, Duration.ofMillis(200));
        var judge = new ComputedJudge("regex", regex, new ComputedJudge.Curve(1, 0));
        Reply reply = ask(judge, "a".repeat(60) + "b", "a");
        assertThat(reply)
                .isEqualTo(
                        new Reply.Refused(
                                "the regular expression found no end within 200 ms on 61"
                                        + " characters"));
    }

    @Test
    void aPatternThatNestsTooDeeplyIsARefusal() throws InterruptedException {
        var regex =
                new RegexFeedback(
                        "(x|y|z)*end", RegexFeedback.Wanted.PRESENT, Duration.ofSeconds(10));
        var judge = new ComputedJudge("regex", regex, new ComputedJudge.Curve(1, 0));
        assertThat(ask(judge, "xyz".repeat(300_000), "a")).isInstanceOf(Reply.Refused.class);
    }

    @Test
    void presentAndAbsentAreOpposites() {
        var present =
                new RegexFeedback("[0-9]", RegexFeedback.Wanted.PRESENT, Duration.ofSeconds(1));
        var absent = new RegexFeedback("[0-9]", RegexFeedback.Wanted.ABSENT, Duration.ofSeconds(1));
        assertThat(present.of("", "a 1 2")).isEqualTo(new Feedback.Worth.Value(1));
        assertThat(absent.of("", "a 1 2")).isEqualTo(new Feedback.Worth.Value(0));
        assertThat(present.of("", "a")).isEqualTo(absent.of("", "1"));
    }

    @Test
    void settingsThatMakeNoSenseAreRefusedByValue() {
        assertThatThrownBy(() -> new ComputedJudge.Curve(0, 0))
                .hasMessageContaining("scale must be above 0 and finite, got 0.0");
        assertThatThrownBy(() ->
                        new RegexFeedback("a(", RegexFeedback.Wanted.COUNT, Duration.ofSeconds(1)))
                .hasMessageContaining("'a(' is no regular expression");
        assertThatThrownBy(() -> new LengthFeedback(LengthFeedback.Wanted.TARGET, -1))
                .hasMessageContaining("got -1");
    }
}

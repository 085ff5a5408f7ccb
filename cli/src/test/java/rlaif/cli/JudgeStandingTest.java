package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import rlaif.judging.CallStatus;
import rlaif.judging.CanaryWatch;
import rlaif.judging.limits.Budgets;
import rlaif.judging.limits.Spent;

class JudgeStandingTest {
    private static CallStatus calls(int limit, String pause) {
        return calls(limit, false, pause);
    }

    private static CallStatus calls(int limit, boolean away, String pause) {
        return new CallStatus(
                "large",
                1_234,
                1,
                5,
                2,
                3,
                4,
                0,
                0,
                limit,
                64,
                away,
                "",
                pause,
                Duration.ZERO,
                Spent.NOTHING,
                new Budgets(0, 0, 0));
    }

    @Test
    void nothingIsOffWithAJudgeThatAnswers() {
        assertThat(JudgeStanding.of(calls(32, "")).troubles()).isEmpty();
        assertThat(
                        new JudgeStanding(
                                        calls(64, ""),
                                        7,
                                        new CanaryWatch.Standing(500, 200, 20, false))
                                .troubles())
                .isEmpty();
    }

    @Test
    void aPauseSuccessfulAttacksAndAnEndpointThatTakesLittleAreOff() {
        assertThat(
                        new JudgeStanding(
                                        calls(31, "its budget is used up"),
                                        7,
                                        new CanaryWatch.Standing(500, 200, 21, true))
                                .troubles())
                .containsExactly(
                        "judge 'large' is paused: its budget is used up",
                        "ALARM: judge 'large' preferred 21 of the last 200 attacks",
                        "judge 'large' takes 31 of 64 calls at once");
    }

    @Test
    void aJudgeThatIsAwayIsNamedOnce() {
        assertThat(
                        JudgeStanding.of(
                                        calls(64, true, "judge 'large' answers nobody: status 500"))
                                .troubles())
                .containsExactly("judge 'large' answers nobody: status 500; it is waited for");
    }

    @Test
    void itsLineSaysEverything() {
        assertThat(
                        new JudgeStanding(
                                        calls(64, ""),
                                        7,
                                        new CanaryWatch.Standing(500, 200, 21, true))
                                .line())
                .isEqualTo(
                        "judge 'large': 1,234 answered, 1 refused, 5 denied, 2 for load, 3 timeouts, 4 faults, 7 remembered, 21 of the last 200 attacks succeeded");
    }
}

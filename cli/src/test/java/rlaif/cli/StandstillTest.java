package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rlaif.judging.CallStatus;
import rlaif.judging.limits.Budgets;
import rlaif.judging.limits.Spent;

class StandstillTest {
    private Instant now = Instant.EPOCH;
    private final List<String> notices = new ArrayList<>();
    private final Standstill standstill =
            new Standstill(() -> now, () -> Roles.SCORE, Path.of("run.log"), notices::add);

    private static JudgeStanding judge(int inFlight, boolean away, String pause) {
        return judge(inFlight, away, "", pause);
    }

    private static JudgeStanding judge(int inFlight, boolean away, String retrying, String pause) {
        return JudgeStanding.of(
                new CallStatus(
                        "large",
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        inFlight,
                        0,
                        64,
                        64,
                        away,
                        retrying,
                        pause,
                        Duration.ZERO,
                        Spent.NOTHING,
                        Budgets.WITHOUT_END));
    }

    private static JudgeStanding retrying(String why) {
        return judge(0, false, why, "");
    }

    private Optional<Failure> lookAfter(int seconds, JudgeStanding standing) {
        now = now.plusSeconds(seconds);
        return standstill.look(7, true, List.of(standing));
    }

    @Test
    void whatStandsStillForTwoMinutesIsNamed() {
        assertThat(lookAfter(0, judge(0, false, ""))).isEmpty();
        assertThat(lookAfter(120, judge(0, false, ""))).isEmpty();
        assertThat(lookAfter(1, judge(0, false, "")))
                .hasValueSatisfying(failure -> {
                    assertThat(failure.exitCode()).isEqualTo(ExitCode.INTERNAL);
                    assertThat(failure)
                            .hasMessage(
                                    "nothing has progressed for 120 s; it stands still at score: see run.log");
                });
    }

    @Test
    void noTimeCountsWhileAnEndpointIsAwayAndItIsSaidFromTimeToTime() {
        JudgeStanding away = judge(0, true, "judge 'large' answers nobody: status 500");
        for (int minute = 0; minute <= 10; minute++) {
            assertThat(lookAfter(minute == 0 ? 0 : 60, away)).isEmpty();
        }
        assertThat(notices)
                .hasSize(3)
                .containsOnly("waiting: judge 'large' answers nobody: status 500");

        assertThat(lookAfter(120, judge(0, false, ""))).as("it is back").isEmpty();
        assertThat(lookAfter(1, judge(0, false, ""))).isPresent();
    }

    @Test
    void noTimeCountsWhileARequestIsToBeMadeAgainOrIsUnderWay() {
        assertThat(lookAfter(0, retrying("status 429"))).isEmpty();
        assertThat(lookAfter(300, retrying("status 429"))).isEmpty();
        assertThat(lookAfter(300, judge(1, false, ""))).isEmpty();
        assertThat(notices)
                .containsExactly(
                        "waiting: judge 'large' is asked again after: status 429",
                        "waiting: judge 'large' has 1 calls to answer");
    }

    @Test
    void aBudgetThatIsUsedUpEndsInPartOnceWhatWasBegunIsAnswered() {
        String usedUp = "the budget of 40 requests is used up";
        assertThat(lookAfter(0, judge(1, false, usedUp))).isEmpty();
        assertThat(lookAfter(121, judge(1, false, usedUp))).isEmpty();
        assertThat(lookAfter(121, judge(0, false, usedUp)))
                .hasValueSatisfying(failure -> {
                    assertThat(failure.exitCode()).isEqualTo(ExitCode.PARTIAL);
                    assertThat(failure)
                            .hasMessageStartingWith("judge 'large': the budget of 40 requests");
                });
    }
}

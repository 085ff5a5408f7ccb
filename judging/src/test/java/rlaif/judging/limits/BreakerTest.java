package rlaif.judging.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BreakerTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private final Breaker breaker = new Breaker(Breaker.Settings.DEFAULT);

    private Breaker.Change fail(double second) {
        return breaker.failed((long) (second * SECOND), "status 500", Duration.ZERO);
    }

    private void open() {
        for (int failure = 0; failure < 5; failure++) {
            fail(failure);
        }
        assertThat(breaker.isOpen()).isTrue();
    }

    @Test
    void itOpensWhenNobodyIsAnsweredForAWhile() {
        for (int failure = 0; failure < 4; failure++) {
            assertThat(fail(failure)).isEqualTo(Breaker.Change.NONE);
        }
        assertThat(fail(4)).isEqualTo(Breaker.Change.OPENED);
        assertThat(breaker.lastCause()).isEqualTo("status 500");
    }

    @Test
    void aBurstOfFailuresAloneDoesNotOpenIt() {
        for (int failure = 0; failure < 1_000; failure++) {
            fail(failure / 1_000.0);
        }
        assertThat(breaker.isOpen()).isFalse();
        assertThat(fail(2.1)).isEqualTo(Breaker.Change.OPENED);
    }

    @Test
    void oneAnswerBeginsTheRowAnew() {
        for (int i = 0; i < 100; i++) {
            fail(i);
            if (i % 4 == 0) {
                assertThat(breaker.answered()).isEqualTo(Breaker.Change.NONE);
            }
            assertThat(breaker.isOpen()).isFalse();
        }
    }

    @Test
    void trialsAreMadeOneAtATimeAfterPausesThatDouble() {
        open(); // at second 4, first trial at 5
        assertThat(breaker.takeTrial((long) (4.9 * SECOND))).isFalse();
        assertThat(breaker.takeTrial(5 * SECOND)).isTrue();
        assertThat(breaker.takeTrial(5 * SECOND)).isFalse();
        fail(6);
        assertThat(breaker.untilTrial(6 * SECOND)).isEqualTo(Duration.ofSeconds(2));
        double second = 6;
        for (int trial = 0; trial < 10; trial++) {
            second += breaker.untilTrial((long) (second * SECOND)).toNanos() / 1e9;
            assertThat(breaker.takeTrial((long) (second * SECOND))).isTrue();
            fail(second);
        }
        assertThat(breaker.untilTrial((long) (second * SECOND))).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void anyAnswerClosesIt() {
        open();
        long before = breaker.changes();
        assertThat(breaker.answered()).isEqualTo(Breaker.Change.CLOSED);
        assertThat(breaker.isOpen()).isFalse();
        assertThat(breaker.changes()).isEqualTo(before + 1);
    }

    @Test
    void aPauseThatTheEndpointAsksForIsKeptUpToALimit() {
        for (int failure = 0; failure < 4; failure++) {
            fail(failure);
        }
        breaker.failed(4 * SECOND, "status 503", Duration.ofMinutes(2));
        assertThat(breaker.untilTrial(4 * SECOND)).isEqualTo(Duration.ofMinutes(2));
        assertThat(breaker.takeTrial(124 * SECOND)).isTrue();
        breaker.failed(124 * SECOND, "status 503", Duration.ofHours(5));
        assertThat(breaker.untilTrial(124 * SECOND)).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void anEndpointThatRefusesEverybodyForGoodServesNobody() {
        for (int refusal = 0; refusal < 19; refusal++) {
            assertThat(breaker.refused(refusal, "status 400")).isEqualTo(Breaker.Change.NONE);
        }
        assertThat(breaker.refused(20, "status 400")).isEqualTo(Breaker.Change.OPENED);
        assertThat(breaker.takeTrial(2 * SECOND)).isTrue();
        assertThat(breaker.refused(2 * SECOND, "status 400")).isEqualTo(Breaker.Change.NONE);
        assertThat(breaker.isOpen()).isTrue();
        assertThat(breaker.answered()).isEqualTo(Breaker.Change.CLOSED);
    }

    @Test
    void aRefusalShowsThatAnEndpointWhichGaveNoRepliesIsBack() {
        open();
        assertThat(breaker.refused(6 * SECOND, "status 400")).isEqualTo(Breaker.Change.CLOSED);
    }

    @Test
    void anAbandonedTrialIsMadeAgain() {
        open();
        assertThat(breaker.takeTrial(5 * SECOND)).isTrue();
        breaker.abandoned();
        assertThat(breaker.takeTrial(5 * SECOND)).isTrue();
    }
}

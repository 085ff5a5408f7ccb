package rlaif.processors;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StreamTimeTest {
    private static final long NOW = 1_000_000;
    private static final Duration IDLE = Duration.ofSeconds(60);

    private static StreamTime of(int sources) {
        return new StreamTime(new long[0], sources, IDLE, NOW);
    }

    @Test
    void itIsTheLeastThatTheSourcesHaveComeTo() {
        StreamTime time = of(2);
        time.came(0, 500, NOW);
        assertThat(time.millis()).as("nothing came from the other").isZero();
        time.came(1, 300, NOW);
        assertThat(time.millis()).isEqualTo(300);
        time.came(1, 900, NOW);
        assertThat(time.millis()).isEqualTo(500);
        time.came(0, 400, NOW);
        assertThat(time.millis()).as("an older time takes nothing back").isEqualTo(500);
    }

    @Test
    void aSourceThatIsIdleHoldsNothingBackUntilSomethingComesFromIt() {
        StreamTime time = of(2);
        time.came(0, 500, NOW);
        time.came(0, 600, NOW + 59_999);
        assertThat(time.millis()).isZero();
        time.advance(NOW + 60_000);
        assertThat(time.millis()).isEqualTo(600);
        time.came(1, 100, NOW + 60_001);
        time.came(0, 700, NOW + 60_002);
        assertThat(time.millis()).as("held again, and never back").isEqualTo(600);
        time.came(1, 650, NOW + 60_003);
        assertThat(time.millis()).isEqualTo(650);
    }

    @Test
    void whereEverySourceIsIdleItIsTheClock() {
        StreamTime time = of(2);
        time.came(0, 500, NOW);
        time.advance(NOW + 60_000);
        assertThat(time.millis()).isEqualTo(NOW + 60_000);
    }

    @Test
    void anotherLifeGoesOnWhereItWas() {
        StreamTime time = of(2);
        time.came(0, 900, NOW);
        time.came(1, 300, NOW);
        StreamTime next = new StreamTime(time.kept(), 2, IDLE, NOW + 1_000_000);
        assertThat(next.millis()).isEqualTo(300);
        next.came(1, 950, NOW + 1_000_000);
        assertThat(next.millis()).isEqualTo(900);
    }

    @Test
    void whatWasKeptBeforeSourcesWereKnownIsTheTime() {
        StreamTime time = new StreamTime(new long[] {700}, 2, IDLE, NOW);
        assertThat(time.millis()).isEqualTo(700);
        time.came(0, 900, NOW);
        time.came(1, 800, NOW);
        assertThat(time.millis()).isEqualTo(800);
    }
}

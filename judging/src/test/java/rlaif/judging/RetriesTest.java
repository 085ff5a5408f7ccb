package rlaif.judging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetriesTest {
    @Test
    void jitterStaysBetweenTheShortestWaitAndThreeTimesTheLast() {
        Retries retries =
                new Retries(5, Duration.ofMillis(100), Duration.ofSeconds(2), Duration.ZERO);
        assertThat(retries.next(Duration.ofMillis(100), 0)).isEqualTo(Duration.ofMillis(100));
        assertThat(retries.next(Duration.ofMillis(100), 0.5)).isEqualTo(Duration.ofMillis(200));
        assertThat(retries.next(Duration.ofSeconds(1), 0.999)).isEqualTo(Duration.ofSeconds(2));
    }
}

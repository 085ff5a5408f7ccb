package rlaif.judging.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void secondsAndDatesAreRead() {
        assertThat(RetryAfter.parse(" 90 ", NOW)).isEqualTo(Duration.ofSeconds(90));
        assertThat(RetryAfter.parse("Thu, 01 Jan 2026 00:00:30 GMT", NOW))
                .isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void anythingElseAsksForNothing() {
        for (String value : new String[] {"", "soon", "-5", "1.5", "99999999999999999999"}) {
            assertThat(RetryAfter.parse(value, NOW)).isZero();
        }
        assertThat(RetryAfter.parse("Wed, 31 Dec 2025 23:59:00 GMT", NOW)).isZero();
    }
}

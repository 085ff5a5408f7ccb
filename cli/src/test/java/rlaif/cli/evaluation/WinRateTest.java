package rlaif.cli.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class WinRateTest {
    @Test
    void wilsonIntervalIsThePublishedOne() {
        // 81 of 263: Newcombe (1998), table I, method 3: 0.2553 to 0.3662.
        WinRate rate = WinRate.wilson(81, 40, 182);

        assertThat(rate.rate()).isCloseTo(0.3080, within(5e-5));
        assertThat(rate.low()).isCloseTo(0.2553, within(5e-5));
        assertThat(rate.high()).isCloseTo(0.3662, within(5e-5));
        assertThat(rate.tie()).isEqualTo(40);
    }

    @Test
    void nothingDecidedIsKnownToNobody() {
        assertThat(WinRate.wilson(0, 10, 0)).isEqualTo(new WinRate(0, 10, 0, 0.5, 0, 1));
    }
}

package rlaif.benchmarks.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ArrivalsTest {
    @Test
    void rateIsOfTheMiddleWhateverTheStartAndTheEndAreLike() {
        Arrivals arrivals = new Arrivals();
        long second = 1_000_000_000L;
        long now = 0;
        for (int burst = 0; burst < 40; burst++) {
            now += burst < 10 || burst >= 38 ? 5 * second : second;
            for (int i = 0; i < 100; i++) {
                arrivals.one();
            }
            arrivals.at(now);
            arrivals.at(now + 1); // nothing came
        }
        assertThat(arrivals.count()).isEqualTo(4_000);
        assertThat(arrivals.rate(arrivals.count(), 0.25, 0.95)).isCloseTo(100, within(1e-6));
        assertThat(arrivals.meanRate()).isCloseTo(3_900 / 83.0, within(1e-6));
    }

    @Test
    void fewArrivalsHaveNoRate() {
        assertThat(new Arrivals().rate(0, 0.25, 0.95)).isNaN();
        assertThat(new Arrivals().meanRate()).isNaN();
    }
}

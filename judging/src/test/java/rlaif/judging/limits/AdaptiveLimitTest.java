package rlaif.judging.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AdaptiveLimitTest {
    private static final Duration LATENCY = Duration.ofMillis(200);

    @Test
    void anEndpointThatRefusesBeyondHalfTheOfferedRateIsFilledWithinHalfAMinute() {
        AdaptiveLimit limit = new AdaptiveLimit(256); // 1,280 calls a second at 200 ms
        SimulatedEndpoint endpoint =
                new SimulatedEndpoint(limit, LATENCY, SimulatedEndpoint.allowing(640));
        endpoint.run(Duration.ofSeconds(30));
        assertThat(endpoint.run(Duration.ofSeconds(60)) / 60.0).isCloseTo(640, within(64.0));
        assertThat(limit.limit()).isBetween(128, 180);
    }

    @Test
    void anEndpointThatServesSoManyAtOnceIsFilledToo() {
        Random random = new Random(5);
        for (int i = 0; i < 20; i++) {
            int atOnce = 20 + random.nextInt(230);
            Duration latency = Duration.ofMillis(20 + random.nextInt(2_000));
            SimulatedEndpoint endpoint =
                    new SimulatedEndpoint(
                            new AdaptiveLimit(256), latency, SimulatedEndpoint.serving(atOnce));
            endpoint.run(Duration.ofSeconds(60));
            double perSecond = endpoint.run(Duration.ofSeconds(60)) / 60.0;
            assertThat(perSecond * latency.toNanos() / 1e9)
                    .as("%d at once, %s each", atOnce, latency)
                    .isBetween(0.9 * atOnce, 1.05 * atOnce);
        }
    }

    @Test
    void aTenthOfRandomRefusalsChangesNothing() {
        for (long seed = 0; seed < 20; seed++) {
            AdaptiveLimit limit = new AdaptiveLimit(256);
            new SimulatedEndpoint(limit, LATENCY, SimulatedEndpoint.randomly(0.1, seed))
                    .run(Duration.ofMinutes(1));
            assertThat(limit.limit()).as("seed %d", seed).isEqualTo(256);
        }
    }

    @Test
    void aFifthOfRandomRefusalsHardlyDoes() {
        AdaptiveLimit limit = new AdaptiveLimit(256);
        SimulatedEndpoint endpoint =
                new SimulatedEndpoint(limit, LATENCY, SimulatedEndpoint.randomly(0.18, 3));
        endpoint.run(Duration.ofMinutes(5));
        assertThat(limit.limit()).isGreaterThan(200);
    }

    @Test
    void anEndpointThatRefusesEverybodyIsAskedOneByOne() {
        AdaptiveLimit limit = new AdaptiveLimit(256);
        new SimulatedEndpoint(limit, LATENCY, (_, _) -> true).run(Duration.ofMinutes(1));
        assertThat(limit.limit()).isEqualTo(1);
    }

    @Test
    void aLimitGrowsBackWhenTheEndpointDoes() {
        AdaptiveLimit limit = new AdaptiveLimit(64);
        boolean[] weak = {true};
        SimulatedEndpoint endpoint =
                new SimulatedEndpoint(
                        limit, LATENCY, (_, serving) -> serving >= (weak[0] ? 8 : 64));
        endpoint.run(Duration.ofMinutes(1));
        assertThat(limit.limit()).isLessThan(16);
        weak[0] = false;
        endpoint.run(Duration.ofMinutes(2));
        assertThat(limit.limit()).isEqualTo(64);
    }

    @Test
    void aLimitThatIsNotUsedDoesNotGrow() {
        AdaptiveLimit limit = new AdaptiveLimit(64);
        new SimulatedEndpoint(limit, LATENCY, (_, _) -> true).run(Duration.ofMinutes(1));
        int cut = limit.limit();
        long now = Duration.ofMinutes(2).toNanos();
        for (int call = 0; call < 1_000; call++) {
            now += LATENCY.toNanos();
            limit.ended(now, LATENCY, AdaptiveLimit.Outcome.ANSWERED, 0);
        }
        assertThat(limit.limit()).isEqualTo(cut);
    }

    @Test
    void theLimitStaysBetweenOneAndItsCeilingWhateverHappens() {
        List<AdaptiveLimit.Outcome> outcomes = List.of(AdaptiveLimit.Outcome.values());
        Random random = new Random(17);
        for (int i = 0; i < 50; i++) {
            int ceiling = 1 + random.nextInt(300);
            AdaptiveLimit limit = new AdaptiveLimit(ceiling);
            long now = random.nextLong();
            for (int call = 0; call < 5_000; call++) {
                now += random.nextInt(20_000_000);
                limit.ended(
                        now,
                        Duration.ofNanos(random.nextInt(2_000_000_000)),
                        outcomes.get(random.nextInt(3)),
                        random.nextInt(2 * ceiling));
                assertThat(limit.limit()).isBetween(1, ceiling);
            }
        }
    }
}

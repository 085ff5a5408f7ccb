package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LastWorkTest {
    private final List<String> said = new ArrayList<>();

    private void await(LastWork work, Fleet fleet) throws InterruptedException {
        try (StopSignal stop = StopSignal.install(Duration.ZERO)) {
            work.await(fleet, stop, said::add);
        }
    }

    @Test
    void nobodyIsWaitedForWhoIsDone() throws Exception {
        LastWork work = new LastWork();
        work.of("label-stats", () -> true);
        await(work, new Fleet());
        assertThat(said).isEmpty();
    }

    @Test
    void whoIsNotIsWaitedForAndNamedOnce() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        LastWork work = new LastWork();
        work.of("label-stats", () -> looks.incrementAndGet() == 3);
        await(work, new Fleet());
        assertThat(looks).hasValue(3);
        assertThat(said).containsExactly("all else is done; waiting for the last of label-stats");
    }

    @Test
    void afterTheLongestTimeTheEndComesAllTheSameAndSaysHowToGoOn() throws Exception {
        LastWork work = new LastWork(Duration.ZERO);
        work.of("label-stats", () -> false);
        await(work, new Fleet());
        assertThat(said)
                .containsExactly(
                        "label-stats is not done after 0 s; `rlaif start label-stats` goes on where it was");
    }

    @Test
    void aRoleThatBrokeIsNotWaitedFor() {
        LastWork work = new LastWork();
        work.of("label-stats", () -> false);
        try (Fleet fleet = new Fleet()) {
            fleet.start(
                    "label-stats",
                    Session.work(
                            () -> {
                                throw new IllegalStateException("broken");
                            },
                            () -> {}));
            assertThatThrownBy(() -> await(work, fleet)).hasStackTraceContaining("broken");
        }
    }
}

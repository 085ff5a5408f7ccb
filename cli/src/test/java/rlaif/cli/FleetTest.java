package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class FleetTest {
    private final List<String> ends = Collections.synchronizedList(new ArrayList<>());

    private WorkerThread.Work until(CountDownLatch closed, Runnable last) {
        return new WorkerThread.Work() {
            @Override
            public void run() throws InterruptedException {
                closed.await();
                last.run();
            }

            @Override
            public void close() {
                closed.countDown();
            }
        };
    }

    @Test
    void whoeverWatchesEndsOnceTheOthersHaveWrittenTheirLast() {
        try (Fleet fleet = new Fleet()) {
            fleet.startWatching(
                    "tensorboard", until(new CountDownLatch(1), () -> ends.add("watcher")));
            for (int trainer = 0; trainer < 3; trainer++) {
                fleet.start(
                        "trainer-" + trainer,
                        until(new CountDownLatch(1), () -> ends.add("trainer")));
            }
        }
        assertThat(ends).containsExactly("trainer", "trainer", "trainer", "watcher");
    }
}

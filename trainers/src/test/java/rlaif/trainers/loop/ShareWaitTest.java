package rlaif.trainers.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// When a trainer that waits for shares of partitions says so.
class ShareWaitTest {
    private final List<String> notices = new ArrayList<>();
    private long nowNanos = Long.MAX_VALUE - Duration.ofMinutes(2).toNanos(); // nanoTime may wrap
    private final ShareWait wait =
            new ShareWait("train-ppo", "scored-rollouts", () -> nowNanos, notices::add);

    @Test
    void aWaitIsToldOnceAfterAMinute() {
        looks(Duration.ofSeconds(59), 4, 5, 6);
        assertThat(notices).isEmpty();
        looks(Duration.ofSeconds(2), 4, 5, 6);
        assertThat(notices)
                .singleElement()
                .asString()
                .startsWith("train-ppo waits for records of partitions 4-6 of scored-rollouts:");
        for (int minute = 0; minute < 60; minute++) {
            looks(Duration.ofMinutes(1), 4, 5, 6);
        }
        assertThat(notices).hasSize(1);
    }

    @Test
    void otherPartitionsAreToldMinutesLater() {
        looks(Duration.ofMinutes(1), 1, 4, 5, 6, 9);
        assertThat(notices.getLast()).contains("partitions 1, 4-6, 9 of");
        looks(Duration.ofMinutes(4), 4);
        assertThat(notices).hasSize(1);
        looks(Duration.ofMinutes(1), 4);
        assertThat(notices).hasSize(2);
        assertThat(notices.getLast()).contains("records of partition 4 of");
    }

    @Test
    void aWaitAfterABatchIsANewOneAndNoticesStayRare() {
        looks(Duration.ofMinutes(1), 4);
        wait.begin();
        looks(Duration.ofMinutes(2), 4);
        assertThat(notices).hasSize(1);
        looks(Duration.ofMinutes(3), 4);
        assertThat(notices).hasSize(2);
    }

    @Test
    void batchesThatComeInTimeAreNotWaitedFor() {
        for (int batch = 0; batch < 60; batch++) {
            looks(Duration.ofSeconds(50), 4);
            wait.begin();
        }
        assertThat(notices).isEmpty();
    }

    @Test
    void aTopicThatHoldsTooLittleForABatchIsNotToldOfUntilItDoes() {
        looks(Duration.ofMinutes(3));
        assertThat(notices).isEmpty();
        looks(Duration.ofSeconds(1), 2);
        assertThat(notices).hasSize(1);
    }

    private void looks(Duration later, Integer... partitions) {
        nowNanos += later.toNanos();
        if (wait.isDue()) {
            wait.tell(new TreeSet<>(Set.of(partitions)));
        }
    }
}

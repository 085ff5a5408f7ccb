package rlaif.processors;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import rlaif.judging.JudgeCalls;

class RoomTest {
    @Test
    void whatIsFetchedAheadFitsInWhatMayBeOutstanding() {
        Room room = Room.of(JudgeCalls.Settings.DEFAULT);
        int fetchedAhead =
                room.fetchedAhead().values().stream().mapToInt(Integer.class::cast).sum();
        assertThat(room.holdFrom() + fetchedAhead).isLessThanOrEqualTo(room.most());
    }
}

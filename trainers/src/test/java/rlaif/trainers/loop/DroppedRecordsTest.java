package rlaif.trainers.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DroppedRecordsTest {
    @Test
    void whatWasDroppedIsCountedByReasonAndAnewAfterEachVersion() {
        DroppedRecords dropped = new DroppedRecords();
        dropped.add(Map.of("STALE", 2L, "HELD_OUT", 1L));
        dropped.add(Map.of("STALE", 3L));

        Map<String, Double> announced = dropped.among(Map.of("loss", 1.0));

        assertThat(announced).containsEntry("loss", 1.0).containsEntry("dropped/STALE", 5.0);
        assertThat(DroppedRecords.in(announced))
                .containsExactly(Map.entry("HELD_OUT", 1L), Map.entry("STALE", 5L));
        dropped.announced();
        assertThat(dropped.among(Map.of("loss", 1.0))).containsExactly(Map.entry("loss", 1.0));
    }
}

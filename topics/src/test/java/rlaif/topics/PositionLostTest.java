package rlaif.topics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

final class PositionLostTest {
    private static final TopicPartition PARTITION = new TopicPartition("rlaif.pairs.v1", 2);

    private static String message(long position) {
        try (MockConsumer<byte[], byte[]> reader = new MockConsumer<>("none")) {
            reader.assign(List.of(PARTITION));
            reader.updateBeginningOffsets(Map.of(PARTITION, 50L));
            reader.updateEndOffsets(Map.of(PARTITION, 90L));
            return String.valueOf(
                    PositionLostException.of(
                                    "rlaif-judge",
                                    reader,
                                    new OffsetOutOfRangeException(Map.of(PARTITION, position)))
                            .getMessage());
        }
    }

    @Test
    void deletedOffsetsAreNamed() {
        assertThat(message(10))
                .isEqualTo(
                        "rlaif-judge cannot go on where it stopped. rlaif.pairs.v1-2: offsets 10 to 49 were deleted before they were read (the log starts at 50)");
    }

    @Test
    void aPositionBeyondTheEndIsNamed() {
        assertThat(message(100)).contains("offset 100 lies beyond the end of the log, 90");
    }

    @Test
    void aMissingPositionIsNamed() {
        try (MockConsumer<byte[], byte[]> reader = new MockConsumer<>("none")) {
            assertThat(
                            PositionLostException.of(
                                    "rlaif-judge",
                                    reader,
                                    new NoOffsetForPartitionException(Set.of(PARTITION))))
                    .hasMessageContaining("rlaif-judge has no position in [rlaif.pairs.v1-2]");
        }
    }
}

package rlaif.processors;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HoldingClientsTest {
    private static final TopicPartition ONE = new TopicPartition("pairs", 0);
    private static final TopicPartition OTHER = new TopicPartition("pairs", 1);

    private final Intake intake = new Intake();
    private final MockConsumer<byte[], byte[]> kafka = new MockConsumer<>("earliest");
    private final Consumer<byte[], byte[]> consumer = HoldingClients.holding(kafka, intake);

    @BeforeEach
    void assign() {
        consumer.assign(List.of(ONE, OTHER));
        kafka.updateBeginningOffsets(Map.of(ONE, 0L, OTHER, 0L));
    }

    private int polled(TopicPartition partition) {
        return consumer.poll(Duration.ZERO).records(partition).size();
    }

    private void add(TopicPartition partition, long offset) {
        kafka.addRecord(
                new ConsumerRecord<>(
                        partition.topic(),
                        partition.partition(),
                        offset,
                        new byte[0],
                        new byte[0]));
    }

    @Test
    void whatIsHeldWaitsInItsTopicAndComesLater() {
        add(ONE, 0);
        assertThat(polled(ONE)).isEqualTo(1);
        intake.hold(ONE, true);
        add(ONE, 1);
        add(OTHER, 0);
        assertThat(polled(OTHER)).isEqualTo(1);
        assertThat(kafka.paused()).isEqualTo(Set.of(ONE));
        intake.hold(ONE, false);
        assertThat(polled(ONE)).isEqualTo(1);
        assertThat(kafka.paused()).isEmpty();
    }

    @Test
    void kafkaStreamsDoesNotResumeWhatIsHeld() {
        intake.hold(ONE, true);
        consumer.poll(Duration.ZERO);
        consumer.pause(List.of(OTHER));
        consumer.resume(List.of(ONE, OTHER));
        assertThat(kafka.paused()).isEqualTo(Set.of(ONE));
    }

    @Test
    void whatKafkaStreamsPausedItselfStaysSo() {
        consumer.pause(List.of(OTHER));
        intake.hold(ONE, true);
        consumer.poll(Duration.ZERO);
        intake.hold(ONE, false);
        consumer.poll(Duration.ZERO);
        assertThat(kafka.paused()).isEqualTo(Set.of(OTHER));
    }

    @Test
    void aPartitionOfAnotherMemberIsLeftAlone() {
        intake.hold(new TopicPartition("pairs", 7), true);
        intake.hold(ONE, true);
        consumer.poll(Duration.ZERO);
        consumer.assign(List.of(OTHER));
        intake.hold(ONE, false);
        consumer.poll(Duration.ZERO);
        assertThat(kafka.paused()).doesNotContain(OTHER);
    }
}

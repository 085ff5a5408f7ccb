package rlaif.trainers.loop;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import rlaif.events.Checkpoint;
import rlaif.topics.CheckpointFollower;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Subjects;
import rlaif.topics.Topic;

/// The topic of announcements without a broker.
///
/// Safe for several threads.
public final class Announcements implements AutoCloseable {
    public final Connection connection = Connection.to("localhost:1", "mock://announcements");
    public final Codecs codecs;
    public final CheckpointFollower follower;

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    private final TopicPartition partition =
            new TopicPartition(connection.name(Topic.CHECKPOINTS), 0);
    private long end;

    public Announcements() {
        Subjects.register(connection);
        codecs = new Codecs(connection);
        follower = new CheckpointFollower(connection, codecs, consumer);
        consumer.updateBeginningOffsets(Map.of(partition, 0L));
        consumer.updateEndOffsets(Map.of(partition, 0L));
    }

    public void announce(Checkpoint checkpoint) {
        announce(codecs.<Checkpoint>codec(Topic.CHECKPOINTS).encode(checkpoint));
    }

    public synchronized void announce(byte[] announcement) {
        consumer.addRecord(
                new ConsumerRecord<>(
                        partition.topic(), partition.partition(), end, new byte[0], announcement));
        end++;
        consumer.updateEndOffsets(Map.of(partition, end));
    }

    @Override
    public void close() {
        follower.close();
        codecs.close();
    }
}

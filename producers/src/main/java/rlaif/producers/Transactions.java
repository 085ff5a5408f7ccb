package rlaif.producers;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/// Records and the positions that they came from, written as one: both or neither.
final class Transactions {
    private Transactions() {}

    /// Opens a transaction, writes, commits; when it throws, the transaction may still be open.
    static void write(
            Producer<byte[], byte[]> producer,
            List<ProducerRecord<byte[], byte[]>> records,
            Map<TopicPartition, OffsetAndMetadata> positions,
            ConsumerGroupMetadata group) {
        producer.beginTransaction();
        for (ProducerRecord<byte[], byte[]> record : records) {
            // A failed send fails the commit.
            Future<?> _ = producer.send(record);
        }
        producer.sendOffsetsToTransaction(positions, group);
        producer.commitTransaction();
    }
}

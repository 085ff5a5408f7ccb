package rlaif.processors;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.processor.api.Record;

/// The time by which a derivation takes up people's labels: 2^40 ms (35 years) before they were
/// given, and so before any judgment.
///
/// Kafka Streams takes up the earliest record of those that wait, and fetches what a partition has
/// before it takes up another's. So what people had said when the derivation begins is known before
/// the first judgment, whose preference then has the label that wins, and no other before it.
final class PeopleFirst implements TimestampExtractor {
    private static final long EARLIER_MILLIS = 1L << 40;

    @Override
    public long extract(ConsumerRecord<Object, Object> label, long partitionTime) {
        return Math.max(0, label.timestamp() - EARLIER_MILLIS);
    }

    /// A label with its own time again.
    static Record<byte[], byte[]> inItsTime(Record<byte[], byte[]> label) {
        return label.withTimestamp(label.timestamp() + EARLIER_MILLIS);
    }
}

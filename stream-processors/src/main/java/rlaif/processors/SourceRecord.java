package rlaif.processors;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.ValueTimestampHeaders;
import org.jspecify.annotations.Nullable;

/// A record as it came, with the place it came from, so that it can be refused much later; waits in
/// a store as value and headers.
///
/// @param timestamp milliseconds since 1970, as the record carried it
/// @param headers as the record carried them
@SuppressWarnings("ArrayRecordComponent") // bytes are handed on and never changed
record SourceRecord(
        String topic,
        int partition,
        long offset,
        long timestamp,
        byte @Nullable [] key,
        byte @Nullable [] value,
        Headers headers) {
    private static final String TOPIC = "rlaif-source-topic";
    private static final String PARTITION = "rlaif-source-partition";
    private static final String OFFSET = "rlaif-source-offset";
    private static final String TIMESTAMP = "rlaif-source-timestamp";
    private static final String KEY = "rlaif-source-key";
    private static final String HEADER = "rlaif-source-header.";

    /// The record that is being processed.
    static SourceRecord of(ProcessorContext<?, ?> context, Record<byte[], byte[]> record) {
        RecordMetadata place =
                context.recordMetadata()
                        .orElseThrow(() -> new IllegalStateException("no record in process"));
        return new SourceRecord(
                place.topic(),
                place.partition(),
                place.offset(),
                record.timestamp(),
                record.key(),
                record.value(),
                record.headers());
    }

    /// As it waits in a store, since `arrivedMillis`.
    ValueTimestampHeaders<byte[]> stored(long arrivedMillis, Headers more) {
        Headers headers = new RecordHeaders(more);
        this.headers.forEach(own -> headers.add(HEADER + own.key(), own.value()));
        put(headers, TOPIC, topic);
        put(headers, PARTITION, Integer.toString(partition));
        put(headers, OFFSET, Long.toString(offset));
        put(headers, TIMESTAMP, Long.toString(timestamp));
        headers.add(KEY, key);
        return ValueTimestampHeaders.make(value, arrivedMillis, headers);
    }

    static SourceRecord of(ValueTimestampHeaders<byte[]> stored) {
        Headers headers = stored.headers();
        Header key = headers.lastHeader(KEY);
        return new SourceRecord(
                text(headers, TOPIC),
                Integer.parseInt(text(headers, PARTITION)),
                Long.parseLong(text(headers, OFFSET)),
                Long.parseLong(text(headers, TIMESTAMP)),
                key == null ? null : key.value(),
                stored.value(),
                own(headers));
    }

    private static Headers own(Headers stored) {
        Headers own = new RecordHeaders();
        for (Header header : stored) {
            if (header.key().startsWith(HEADER)) {
                own.add(header.key().substring(HEADER.length()), header.value());
            }
        }
        return own;
    }

    /// Bytes of its value.
    int size() {
        return value == null ? 0 : value.length;
    }

    static void put(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    static String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        if (header == null || header.value() == null) {
            throw new IllegalStateException("a waiting record lacks its header " + name);
        }
        return new String(header.value(), StandardCharsets.UTF_8);
    }
}

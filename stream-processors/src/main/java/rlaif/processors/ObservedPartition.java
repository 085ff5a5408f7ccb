package rlaif.processors;

import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/// The header of an observation that tells on which partition its judgment or label lay.
final class ObservedPartition {
    private static final String NAME = "partition";

    private ObservedPartition() {}

    static Headers header(int partition) {
        return new RecordHeaders()
                .add(NAME, ByteBuffer.allocate(Integer.BYTES).putInt(partition).array());
    }

    /// 0 for observations that were made before there was a header.
    static int of(Headers headers) {
        Header header = headers.lastHeader(NAME);
        return header == null ? 0 : ByteBuffer.wrap(header.value()).getInt();
    }
}

package rlaif.topics;

/// A record that is larger than its topic takes.
public final class OversizedRecordException extends RuntimeException {
    public OversizedRecordException(Topic topic, int bytes) {
        super(
                "a record for `%s` has %,d bytes; the topic takes at most %,d"
                        .formatted(topic.shortName(), bytes, Topic.MAX_RECORD_BYTES));
    }
}

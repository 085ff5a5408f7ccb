package rlaif.topics;

import java.util.Locale;

/// A record that is larger than its topic takes.
public final class OversizedRecordException extends RuntimeException {
    public OversizedRecordException(Topic topic, int bytes) {
        super(
                String.format(
                        Locale.ROOT,
                        "a record for `%s` has %,d bytes; the topic takes at most %,d",
                        topic.shortName(),
                        bytes,
                        Topic.MAX_RECORD_BYTES));
    }
}

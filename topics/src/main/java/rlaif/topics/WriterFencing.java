package rlaif.topics;

import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;

/// A transactional writer's end because a newer one of the same transactional id has begun.
public final class WriterFencing {
    private WriterFencing() {}

    /// Whether a failure of a producer, or one behind it, is that.
    public static boolean isBehind(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProducerFencedException
                    || cause instanceof InvalidProducerEpochException) {
                return true;
            }
        }
        return false;
    }
}

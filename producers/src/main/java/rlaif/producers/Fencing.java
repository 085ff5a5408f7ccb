package rlaif.producers;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;

/// How the broker says that a newer client took over, found among the causes of a failure.
final class Fencing {
    private Fencing() {}

    /// The failure itself, or what it means where it is a fencing.
    static RuntimeException explained(KafkaException failure, String meaning) {
        return isFencing(failure) ? new SupersededException(meaning, failure) : failure;
    }

    /// Whether a newer consumer or producer is named as the cause.
    static boolean isFencing(KafkaException failure) {
        return isOfMember(failure)
                || isCausedBy(ProducerFencedException.class, failure)
                || isCausedBy(InvalidProducerEpochException.class, failure)
                // The newer client's start has ended the transaction that was open.
                || isCausedBy(InvalidTxnStateException.class, failure);
    }

    /// Whether the group has given the member id to a newer consumer.
    static boolean isOfMember(KafkaException failure) {
        return isCausedBy(FencedInstanceIdException.class, failure);
    }

    private static boolean isCausedBy(Class<? extends KafkaException> type, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}

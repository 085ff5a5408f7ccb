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
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProducerFencedException
                    || cause instanceof InvalidProducerEpochException
                    // The newer client's start has ended the transaction that was open.
                    || cause instanceof InvalidTxnStateException
                    || cause instanceof FencedInstanceIdException) {
                return new SupersededException(meaning, failure);
            }
        }
        return failure;
    }
}

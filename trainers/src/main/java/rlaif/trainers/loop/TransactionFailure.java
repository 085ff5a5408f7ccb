package rlaif.trainers.loop;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownServerException;

/// What the failure of a transaction says of how it ended.
enum TransactionFailure {
    /// A newer producer has fenced this one.
    FENCED,

    /// The broker did not answer in time: committed or not.
    UNANSWERED,

    /// The broker has ended the transaction itself, or answered with an error that it has no name
    /// for, as it may to a commit that meets the start of a newer producer: committed or not.
    UNDECIDED,

    /// Nothing is committed, and the failure says why.
    NAMED;

    static TransactionFailure of(KafkaException failure) {
        Throwable cause = failure;
        while (cause.getClass() == KafkaException.class && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return switch (cause) {
            case ProducerFencedException _, InvalidProducerEpochException _ -> FENCED;
            case TimeoutException _ -> UNANSWERED;
            case InvalidTxnStateException _, UnknownServerException _ -> UNDECIDED;
            default -> cause.getClass() == KafkaException.class ? UNDECIDED : NAMED;
        };
    }
}

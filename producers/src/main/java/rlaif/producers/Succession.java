package rlaif.producers;

import org.apache.kafka.common.KafkaException;
import rlaif.topics.TransactionalIdWatch;

/// Word of a newer worker of the same name.
@FunctionalInterface
interface Succession {
    /// Whether a newer worker has taken over from the one whose transaction failed so.
    boolean hasCome(KafkaException failure);

    /// As the failure says, or else the transactional id's use.
    static Succession under(TransactionalIdWatch watch) {
        return failure -> Fencing.isFencing(failure) || watch.newerHasStarted();
    }
}

package rlaif.producers;

import org.apache.kafka.common.KafkaException;

/// Word of a newer worker of the same name.
@FunctionalInterface
interface Succession {
    /// Whether a newer worker has taken over from the one whose transaction failed so.
    boolean hasCome(KafkaException failure);
}

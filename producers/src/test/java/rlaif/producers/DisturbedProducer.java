package rlaif.producers;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import rlaif.topics.Connection;

/// A producer that is told of an unknown error in place of how some of its commits ended, as the
/// broker answers when a newer producer starts at that moment.
final class DisturbedProducer extends KafkaProducer<byte[], byte[]> {
    private final AtomicInteger commits;
    private final Map<Integer, Disturbance> disturbances;

    /// What a commit does before it is told to have failed.
    @FunctionalInterface
    interface Disturbance {
        Disturbance LOST = _ -> {};
        Disturbance DONE = Runnable::run;

        /// @param commit commits in earnest
        void before(Runnable commit);
    }

    private DisturbedProducer(
            Connection connection,
            String transactionalId,
            AtomicInteger commits,
            Map<Integer, Disturbance> disturbances) {
        super(
                connection.producer(
                        Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId)),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        this.commits = commits;
        this.disturbances = disturbances;
    }

    /// Opens producers that share a count of commits.
    ///
    /// @param disturbances by the number of the commit, from 1
    static Function<String, Producer<byte[], byte[]>> opener(
            Connection connection, Map<Integer, Disturbance> disturbances) {
        AtomicInteger commits = new AtomicInteger();
        return id -> new DisturbedProducer(connection, id, commits, disturbances);
    }

    static KafkaException unknown() {
        return new KafkaException(
                "Unhandled error in EndTxnResponse: The server experienced an unexpected error when processing the request.");
    }

    @Override
    public void commitTransaction() {
        Disturbance disturbance = disturbances.get(commits.incrementAndGet());
        if (disturbance == null) {
            super.commitTransaction();
            return;
        }
        flush();
        disturbance.before(super::commitTransaction);
        throw unknown();
    }
}

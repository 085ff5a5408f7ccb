package rlaif.producers;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rlaif.topics.ClusterUnreachableException;

/// Records and the positions that they came from, written as one: both or neither.
///
/// The broker may leave the end of a transaction open: while a newer producer of the same
/// transactional id starts it answers a commit with an unknown error in place of a fencing. Unless
/// a newer worker has taken over, a producer that is opened anew makes the broker decide: its start
/// returns once what was open has been completed or aborted. Owned by one thread.
final class TransactionalWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TransactionalWriter.class);
    private static final int MOST_UNDECIDED_IN_A_ROW = 3;

    private final Supplier<Producer<byte[], byte[]>> producers;
    private final Succession succession;
    private final String superseded;
    private Producer<byte[], byte[]> producer;
    private int undecidedInARow;

    /// @param producers opens one under the transactional id, the same each time
    /// @param superseded what it means that a newer worker has taken over
    TransactionalWriter(
            Supplier<Producer<byte[], byte[]>> producers,
            Succession succession,
            String superseded) {
        this.producers = producers;
        this.succession = succession;
        this.superseded = superseded;
        this.producer = producers.get();
    }

    /// Fences every older writer; no transaction of theirs is open any more when this returns.
    void begin() {
        producer.initTransactions();
    }

    /// True once everything is committed. False where it was not, or may not have been: no
    /// transaction is open any more, and what is committed says where to go on.
    boolean write(
            List<ProducerRecord<byte[], byte[]>> records,
            Map<TopicPartition, OffsetAndMetadata> positions,
            ConsumerGroupMetadata group) {
        try {
            boolean committed = commit(records, positions, group);
            undecidedInARow = 0;
            return committed;
        } catch (KafkaException e) {
            decide(e);
            return false;
        }
    }

    private boolean commit(
            List<ProducerRecord<byte[], byte[]>> records,
            Map<TopicPartition, OffsetAndMetadata> positions,
            ConsumerGroupMetadata group) {
        try {
            producer.beginTransaction();
            for (ProducerRecord<byte[], byte[]> record : records) {
                // A failed send fails the commit.
                Future<?> _ = producer.send(record);
            }
            producer.sendOffsetsToTransaction(positions, group);
            producer.commitTransaction();
            return true;
        } catch (CommitFailedException | TransactionAbortableException e) {
            LOG.warn("{}: what was to be written is no longer this member's", group.groupId(), e);
            producer.abortTransaction();
            return false;
        }
    }

    private void decide(KafkaException failure) {
        if (!Fencing.isFencing(failure) && !isUndecided(failure)) {
            throw failure;
        }
        if (succession.hasCome(failure)) {
            throw new SupersededException(superseded, failure);
        }
        undecidedInARow++;
        if (undecidedInARow > MOST_UNDECIDED_IN_A_ROW) {
            throw new ClusterUnreachableException(
                    "%d transactions in a row ended in an error that leaves open whether they were committed. None of them is lost or written twice: look into the broker's log, then start this worker again. The last error: %s"
                            .formatted(undecidedInARow, failure.getMessage()),
                    failure);
        }
        LOG.warn("whether a transaction was committed is not known; asking anew", failure);
        producer.close(Duration.ZERO);
        producer = producers.get();
        producer.initTransactions();
    }

    /// Whether the broker, or its silence, says nothing of how the transaction ended.
    static boolean isUndecided(KafkaException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause.getClass() != KafkaException.class) {
                return cause instanceof UnknownServerException || cause instanceof TimeoutException;
            }
        }
        return true;
    }

    @Override
    public void close() {
        producer.close();
    }
}

package rlaif.producers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import rlaif.topics.ClusterUnreachableException;

class TransactionalWriterTest {
    private final KafkaException unknown = DisturbedProducer.unknown();
    private static final ConsumerGroupMetadata GROUP = new MockConsumer<>("none").groupMetadata();

    private final List<MockProducer<byte[], byte[]>> opened = new ArrayList<>();
    private @Nullable RuntimeException failure;

    @Test
    void unknownEndOpensAProducerAnewUnlessANewerWorkerHasTakenOver() {
        try (TransactionalWriter writer = writer(false)) {
            assertThat(written(writer)).isTrue();
            failNext(unknown);
            assertThat(written(writer)).isFalse();
            assertThat(written(writer)).isTrue();
        }

        assertThat(opened).hasSize(2);
        assertThat(opened.getFirst().closed()).isTrue();
        assertThat(opened.getLast().transactionInitialized()).isTrue();
        assertThat(opened.getLast().history()).hasSize(1);
    }

    @Test
    void supersededWriterFencesNobody() {
        try (TransactionalWriter writer = writer(true)) {
            failNext(unknown);

            assertThatThrownBy(() -> written(writer))
                    .isInstanceOf(SupersededException.class)
                    .hasMessage("a newer one writes")
                    .hasCause(unknown);
        }
        assertThat(opened).hasSize(1);
    }

    @Test
    void fencingWithoutASuccessorIsSurvived() {
        try (TransactionalWriter writer = writer(false)) {
            failNext(new ProducerFencedException("the transaction took too long"));
            assertThat(written(writer)).isFalse();
            assertThat(written(writer)).isTrue();
        }
    }

    @Test
    void fourUnknownEndsInARowAreSaidToBeSo() {
        try (TransactionalWriter writer = writer(false)) {
            for (int i = 0; i < 3; i++) {
                failNext(unknown);
                assertThat(written(writer)).isFalse();
            }
            assertThat(written(writer)).isTrue();
            for (int i = 0; i < 3; i++) {
                failNext(unknown);
                assertThat(written(writer)).isFalse();
            }
            failNext(unknown);

            assertThatThrownBy(() -> written(writer))
                    .isInstanceOf(ClusterUnreachableException.class)
                    .hasMessageStartingWith("4 transactions in a row ended in an error")
                    .hasMessageEndingWith(String.valueOf(unknown.getMessage()));
        }
    }

    @Test
    void workGivenToAnotherMemberIsAborted() {
        try (TransactionalWriter writer = writer(false)) {
            failNext(new CommitFailedException());
            assertThat(written(writer)).isFalse();
            failure = null;
            assertThat(written(writer)).isTrue();
        }
        assertThat(opened).hasSize(1);
        assertThat(opened.getFirst().history()).hasSize(1);
    }

    @Test
    void knownFailureIsThrownAsItIs() {
        KafkaException known = new KafkaException(new RecordTooLargeException("too large"));
        try (TransactionalWriter writer = writer(false)) {
            failNext(known);
            assertThatThrownBy(() -> written(writer)).isSameAs(known);
        }
        assertThat(opened).hasSize(1);
    }

    @Test
    void onlySilenceAndUnnamedErrorsAreUndecided() {
        assertThat(TransactionalWriter.isUndecided(unknown)).isTrue();
        assertThat(TransactionalWriter.isUndecided(new KafkaException("after it", unknown)))
                .isTrue();
        assertThat(TransactionalWriter.isUndecided(new UnknownServerException())).isTrue();
        assertThat(TransactionalWriter.isUndecided(new TimeoutException())).isTrue();
        assertThat(TransactionalWriter.isUndecided(new RecordTooLargeException())).isFalse();
    }

    private TransactionalWriter writer(boolean superseded) {
        TransactionalWriter writer =
                new TransactionalWriter(this::open, _ -> superseded, "a newer one writes");
        writer.begin();
        return writer;
    }

    private Producer<byte[], byte[]> open() {
        failure = null;
        MockProducer<byte[], byte[]> producer =
                new MockProducer<>(
                        true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                    @Override
                    public void commitTransaction() {
                        if (failure != null) {
                            throw failure;
                        }
                        super.commitTransaction();
                    }
                };
        opened.add(producer);
        return producer;
    }

    private void failNext(RuntimeException thrown) {
        failure = thrown;
    }

    private static boolean written(TransactionalWriter writer) {
        return writer.write(
                List.of(new ProducerRecord<>("topic", new byte[] {1})),
                Map.of(new TopicPartition("source", 0), new OffsetAndMetadata(1)),
                GROUP);
    }
}

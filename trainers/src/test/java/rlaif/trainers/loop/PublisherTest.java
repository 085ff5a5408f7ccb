package rlaif.trainers.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.topics.CheckpointFollower;
import rlaif.topics.ClusterUnreachableException;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Layout;
import rlaif.topics.Topic;
import rlaif.topics.TopicPlan;
import rlaif.trainers.TestStreams;

/// A publisher whose commit the broker answers with the error that it has no name for.
@Timeout(240)
@ExtendWith(TestStreams.Shared.class)
@Execution(ExecutionMode.CONCURRENT)
class PublisherTest {
    private static final CheckpointRole ROLE = CheckpointRole.POLICY;
    private static final int TRANSACTION_TIMEOUT_MILLIS = 1_000;

    private static Connection connection;
    private static Codecs codecs;

    @BeforeAll
    static void makeTopics(TestStreams streams) {
        connection = streams.connection("publisher");
        try (Admin admin = connection.openAdmin()) {
            TopicPlan.compare(admin, connection, new Layout(2, (short) 1)).apply();
        }
        codecs = new Codecs(connection);
    }

    @AfterAll
    static void closeCodecs() {
        codecs.close();
    }

    /// A producer that is told of an unknown error in place of how its commit ended.
    private static final class Disturbed extends KafkaProducer<byte[], byte[]> {
        private final boolean commits;
        private final Runnable before;

        Disturbed(String transactionalId, boolean commits, Runnable before) {
            super(
                    connection.producer(
                            Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId)),
                    new ByteArraySerializer(),
                    new ByteArraySerializer());
            this.commits = commits;
            this.before = before;
        }

        @Override
        public void commitTransaction() {
            flush();
            before.run();
            if (commits) {
                super.commitTransaction();
            }
            throw new KafkaException(
                    "Unhandled error in EndTxnResponse: The server experienced an unexpected error when processing the request.");
        }
    }

    @Test
    void unknownErrorOfACommitThatANewerPublisherDisturbedNamesTheNewer() {
        publish("rivals", 0);
        String transactionalId = connection.transactionalId("rivals", "policy");

        assertThatThrownBy(() -> publishDisturbed("rivals", 1, false, () -> start(transactionalId)))
                .isInstanceOf(FencedTrainerException.class)
                .hasMessageContaining("published by a newer trainer")
                .hasMessageContaining("version 0 was announced by run")
                .hasRootCauseInstanceOf(KafkaException.class);

        publish("rivals", 1);
    }

    /// A producer that rests before its commit, not knowing that it does.
    private static final class Paused extends KafkaProducer<byte[], byte[]> {
        private final Runnable meanwhile;

        Paused(String transactionalId, Runnable meanwhile) {
            super(
                    connection.producer(
                            Map.of(
                                    ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                                    transactionalId,
                                    ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                                    TRANSACTION_TIMEOUT_MILLIS)),
                    new ByteArraySerializer(),
                    new ByteArraySerializer());
            this.meanwhile = meanwhile;
        }

        @Override
        public void commitTransaction() {
            flush();
            meanwhile.run();
            super.commitTransaction();
        }
    }

    @Test
    void publisherPausedPastItsTransactionTimeoutCannotPublishNorCommitAndNamesItsSuccessor()
            throws Exception {
        publish("paused", 0);

        assertThatThrownBy(() ->
                        publish(
                                "paused",
                                "zombie",
                                3,
                                id -> new Paused(id, PublisherTest::outlastAndSucceed)))
                .isInstanceOf(FencedTrainerException.class)
                .hasMessageContaining("published by a newer trainer")
                .hasMessageContaining("version 1 was announced by run");

        try (CheckpointFollower follower = new CheckpointFollower(connection, codecs);
                Admin admin = connection.openAdmin()) {
            follower.refresh();
            assertThat(follower.all())
                    .filteredOn(checkpoint -> checkpoint.getPolicy().equals("paused"))
                    .extracting(Checkpoint::getDigest)
                    .containsExactly("digest", "successor");
            assertThat(
                            admin.listConsumerGroupOffsets("paused-group")
                                    .partitionsToOffsetAndMetadata()
                                    .get())
                    .containsExactly(
                            Map.entry(
                                    new TopicPartition(connection.name(Topic.PROMPTS), 0),
                                    new OffsetAndMetadata(7, "version 1 of policy paused")));
        }
    }

    private static void outlastAndSucceed() {
        try {
            Thread.sleep(TRANSACTION_TIMEOUT_MILLIS + 500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        publish(
                "paused",
                "successor",
                7,
                id -> connection.openProducer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id)));
    }

    /// Announces version 1 with `position` as what was consumed.
    private static void publish(
            String policy,
            String digest,
            long position,
            Function<String, Producer<byte[], byte[]>> producers) {
        Checkpoint checkpoint = checkpoint(policy, 1);
        checkpoint.setDigest(digest);
        try (CheckpointFollower follower = new CheckpointFollower(connection, codecs);
                Publisher publisher =
                        new Publisher(
                                connection,
                                codecs,
                                identity(policy),
                                lineage(follower, policy),
                                producers);
                Consumer<byte[], byte[]> member =
                        connection.openConsumer(
                                Map.of(ConsumerConfig.GROUP_ID_CONFIG, "paused-group"))) {
            publisher.publish(
                    checkpoint, List.of(), List.of(), member.groupMetadata(), Map.of(0, position));
        }
    }

    private static void nobody() {}

    private static void start(String transactionalId) {
        try (Producer<byte[], byte[]> rival =
                connection.openProducer(
                        Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId))) {
            rival.initTransactions();
        }
    }

    @Test
    void unknownErrorOfALostCommitIsSaidToBeSoAndTheVersionCanBeAnnouncedAgain() {
        publish("lost", 0);

        assertThatThrownBy(() -> publishDisturbed("lost", 1, false, PublisherTest::nobody))
                .isInstanceOf(ClusterUnreachableException.class)
                .hasMessageStartingWith("policy version 1 of policy lost was to be announced")
                .hasMessageContaining("is not known");

        publish("lost", 1);
        publish("lost", 2);
    }

    @Test
    void unknownErrorOfACommitThatWasDoneIsSaidToBeSoAndTheNextVersionFollowsIt() {
        publish("done", 0);

        assertThatThrownBy(() -> publishDisturbed("done", 1, true, PublisherTest::nobody))
                .isInstanceOf(ClusterUnreachableException.class)
                .hasMessageContaining("is not known");

        publish("done", 2);
    }

    @Test
    void onlyAnErrorThatSaysNothingLeavesTheEndOpen() {
        assertThat(TransactionFailure.of(new KafkaException("Unhandled error")))
                .isEqualTo(TransactionFailure.UNDECIDED);
        assertThat(
                        TransactionFailure.of(
                                new KafkaException(
                                        "in an error state", new KafkaException("Unhandled"))))
                .isEqualTo(TransactionFailure.UNDECIDED);
        assertThat(TransactionFailure.of(new KafkaException(new ProducerFencedException("fenced"))))
                .isEqualTo(TransactionFailure.FENCED);
        assertThat(
                        TransactionFailure.of(
                                new KafkaException(new RecordTooLargeException("too large"))))
                .isEqualTo(TransactionFailure.NAMED);
    }

    private static void publish(String policy, long version) {
        try (CheckpointFollower follower = new CheckpointFollower(connection, codecs);
                Publisher publisher =
                        new Publisher(
                                connection, codecs, identity(policy), lineage(follower, policy))) {
            publisher.publish(checkpoint(policy, version), List.of());
        }
    }

    private static void publishDisturbed(
            String policy, long version, boolean commits, Runnable before) {
        try (CheckpointFollower follower = new CheckpointFollower(connection, codecs);
                Publisher publisher =
                        new Publisher(
                                connection,
                                codecs,
                                identity(policy),
                                lineage(follower, policy),
                                id -> new Disturbed(id, commits, before))) {
            publisher.publish(checkpoint(policy, version), List.of());
        }
    }

    private static TrainerIdentity identity(String policy) {
        return TrainerIdentity.of(policy, ROLE, "test", Topic.PROMPTS, 1);
    }

    private static Lineage lineage(CheckpointFollower follower, String policy) {
        return new Lineage(follower, policy, ROLE);
    }

    private static Checkpoint checkpoint(String policy, long version) {
        return Checkpoint.newBuilder()
                .setPolicy(policy)
                .setRole(ROLE)
                .setVersion(version)
                .setParent(version == 0 ? null : version - 1)
                .setUri("file:///nowhere")
                .setDigest("digest")
                .setRun(identity(policy).run())
                .setGeneration(0)
                .build();
    }
}

package rlaif.trainers.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.events.TrainingStep;
import rlaif.models.CheckpointRefusedException;
import rlaif.models.CheckpointStore;
import rlaif.topics.Codec;
import rlaif.topics.Topic;

/// A trainer whose topic holds nothing that it can learn from.
@Timeout(30)
class TrainingLoopTest {
    private static final String POLICY = "policy";
    private static final long HEAD = 7;
    private static final long HEAD_STEP = 12;
    private static final int BATCH = 4;

    @TempDir private Path folder;

    private final Announcements announcements = new Announcements();
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final TrainerIdentity identity =
            TrainerIdentity.of(
                    POLICY, CheckpointRole.POLICY, "train-ppo", Topic.SCORED_ROLLOUTS, 1);
    private final String topic = announcements.connection.name(Topic.SCORED_ROLLOUTS);
    private final TopicPartition partition = new TopicPartition(topic, 0);

    @AfterEach
    void close() {
        consumer.close();
        announcements.close();
    }

    @Test
    void whatIsTooOldIsCommittedAndCountedThoughNoBatchCanBeFormed() {
        run("stale", "stale", "stale", "refused", "stale");

        assertThat(producer.consumerGroupOffsetsHistory().getLast().values())
                .containsExactly(
                        Map.of(partition, new OffsetAndMetadata(5, "version 7 of policy policy")));
        TrainingStep passedOver = steps().getLast();
        assertThat(passedOver.getRecords()).isZero();
        assertThat(passedOver.getStep()).isEqualTo(HEAD_STEP + 1);
        assertThat(passedOver.getDropped())
                .containsOnly(Map.entry("STALE", 4L), Map.entry("BROKEN", 1L));
        assertThat(sent(announcements.connection.deadLetters(Topic.SCORED_ROLLOUTS))).hasSize(1);
        assertThat(sent(announcements.connection.name(Topic.CHECKPOINTS))).isEmpty();
    }

    @Test
    void filesThatASuccessorNoLongerKeepsAreNotCalledDamaged() {
        assertThatThrownBy(() ->
                        run(new Deleted(() -> announce(HEAD + 1, identity.run() + " again", 3))))
                .isInstanceOf(FencedTrainerException.class)
                .hasMessageContaining("version 8 was announced by run")
                .hasMessageContaining("generation 3");
    }

    @Test
    void filesThatAreGoneWithoutASuccessorAreNamed() {
        assertThatThrownBy(() -> run(new Deleted(() -> {})))
                .isInstanceOf(CheckpointRefusedException.class)
                .hasMessageContaining("policy/7 was deleted");
    }

    private void announce(long version, String run, int generation) {
        announcements.announce(
                Checkpoint.newBuilder()
                        .setPolicy(POLICY)
                        .setRole(CheckpointRole.POLICY)
                        .setVersion(version)
                        .setRun(run)
                        .setGeneration(generation)
                        .build());
    }

    private void run(String... values) {
        run(new Idle(), values);
    }

    private void run(Learner<String> taught, String... values) {
        Lineage lineage = new Lineage(announcements.follower, POLICY, CheckpointRole.POLICY);
        announce(HEAD, identity.run(), 0);
        Feed<String, String> feed =
                new Feed<>(
                        consumer,
                        topic,
                        new TreeMap<>(Map.of(0, 0L)),
                        new Words(),
                        BATCH,
                        Pace.live(),
                        new ShareWait("train-words", topic, System::nanoTime, _ -> {}));
        consumer.updateBeginningOffsets(Map.of(partition, 0L));
        for (int offset = 0; offset < values.length; offset++) {
            consumer.addRecord(
                    new ConsumerRecord<>(
                            topic,
                            0,
                            offset,
                            new byte[0],
                            values[offset].getBytes(StandardCharsets.UTF_8)));
        }
        try (Publisher publisher =
                        new Publisher(
                                announcements.connection,
                                announcements.codecs,
                                identity,
                                lineage,
                                _ -> producer);
                taught) {
            new TrainingLoop<>(
                            identity,
                            topic,
                            feed,
                            taught,
                            publisher,
                            new KeptFiles(new CheckpointStore(folder), lineage, Retention.DEFAULT),
                            new OperatorWatch(lineage),
                            OptionalLong.of(HEAD),
                            new Standing(
                                    identity.run(),
                                    1,
                                    HEAD_STEP,
                                    new TreeMap<>(Map.of(0, new Batch.Offsets(0, 0)))))
                    .run(() -> producer.commitCount() > 0);
        }
    }

    private List<TrainingStep> steps() {
        Codec<TrainingStep> codec = announcements.codecs.codec(Topic.TRAINING_STEPS);
        return sent(announcements.connection.name(Topic.TRAINING_STEPS)).stream()
                .map(record -> codec.decode(record.value()))
                .toList();
    }

    private List<ProducerRecord<byte[], byte[]>> sent(String to) {
        return producer.history().stream().filter(record -> record.topic().equals(to)).toList();
    }

    /// A learner that is never given anything.
    private static class Idle implements Learner<String> {
        @Override
        public TrainingStep learn(long step, Batch<String> batch) {
            throw new AssertionError("learned from " + batch);
        }

        @Override
        public boolean checkpointDue() {
            return false;
        }

        @Override
        public Checkpoint stage(long version, Standing standing) {
            throw new AssertionError("staged " + version);
        }

        @Override
        public void announced(Checkpoint checkpoint) {}

        @Override
        public boolean finished() {
            return false;
        }

        @Override
        public void close() {}
    }

    /// A learner that finds files of its own gone.
    private static final class Deleted extends Idle {
        private final Runnable before;

        Deleted(Runnable before) {
            this.before = before;
        }

        @Override
        public boolean finished() {
            before.run();
            throw new CheckpointRefusedException("checkpoint policy/7 was deleted");
        }
    }

    /// Words that are never fit to train on.
    private static final class Words implements Intake<String, String> {
        @Override
        public String read(byte[] value) {
            return new String(value, StandardCharsets.UTF_8);
        }

        @Override
        public Optional<Group> group(String event) {
            return Optional.empty();
        }

        @Override
        public Admission<String> admit(String event) {
            return event.equals("refused")
                    ? new Admission.Refused<>(new Refusal("BROKEN", "no reason"))
                    : new Admission.Dropped<>("STALE");
        }
    }
}

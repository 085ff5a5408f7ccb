package rlaif.trainers;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.events.OffsetRange;
import rlaif.events.Preference;
import rlaif.events.Revision;
import rlaif.events.ScoredRollout;
import rlaif.events.TrainingStep;
import rlaif.models.CheckpointStore;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;
import rlaif.topics.CheckpointFollower;
import rlaif.topics.Codec;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Layout;
import rlaif.topics.Topic;
import rlaif.topics.TopicPlan;
import rlaif.trainers.loop.Lineage;
import rlaif.trainers.loop.Pace;
import rlaif.trainers.loop.Publisher;
import rlaif.trainers.loop.Retention;
import rlaif.trainers.loop.TrainerIdentity;

/// The topics, checkpoint store and tokenizer of one test, and what stands on them.
final class TestStream implements AutoCloseable {
    static final int PARTITIONS = 2;

    final Path folder;
    final Connection connection;
    final Codecs codecs;
    final CheckpointStore store;
    final Tokenizer tokenizer;

    /// Makes the topics of `connection`.
    TestStream(Connection connection, Path folder) {
        this.connection = connection;
        this.folder = folder;
        try (Admin admin = connection.openAdmin()) {
            TopicPlan.compare(admin, connection, new Layout(PARTITIONS, (short) 1)).apply();
        }
        codecs = new Codecs(connection);
        store = new CheckpointStore(folder.resolve("checkpoints"));
        tokenizer = TestTokenizer.in(folder.resolve("tokenizer"));
    }

    /// What a trainer works with.
    Workshop workshop() {
        return new Workshop(connection, codecs, store);
    }

    /// The same, keeping the files of its versions by `retention`.
    Workshop workshop(Retention retention) {
        return new Workshop(connection, codecs, store, Footprint.whole(), retention);
    }

    /// Announces policy 0, and reward model 0 from the same trunk.
    void announceFirstModels() {
        try (Transformer policy = TinyModels.policy(7);
                Transformer rewardModel = policy.withScalarHead(7)) {
            announce(CheckpointRole.POLICY, 0, policy);
            announce(CheckpointRole.REWARD_MODEL, 0, rewardModel);
        }
    }

    /// Announces a version whose parent is the one before.
    void announce(CheckpointRole role, long version, Transformer model) {
        CheckpointStore.Stored stored =
                store.save(
                        TrainerIdentity.written(role),
                        version,
                        model,
                        tokenizer,
                        Map.of(),
                        _ -> {});
        try (CheckpointFollower follower = new CheckpointFollower(connection, codecs);
                Publisher publisher =
                        new Publisher(
                                connection,
                                codecs,
                                new TrainerIdentity(
                                        TestEvents.POLICY, role, "test", Topic.PROMPTS, "test-run"),
                                new Lineage(follower, TestEvents.POLICY, role))) {
            publisher.publish(
                    Checkpoint.newBuilder()
                            .setPolicy(TestEvents.POLICY)
                            .setRole(role)
                            .setVersion(version)
                            .setParent(version == 0 ? null : version - 1)
                            .setUri(stored.uri())
                            .setDigest(stored.digest())
                            .setRun("test-run")
                            .setGeneration(0)
                            .build(),
                    List.of());
        }
    }

    /// Writes scored rollouts of policy 0, each group to one partition, groups in turn.
    void produceGroups(int from, int to) {
        produceGroups(from, to, 0);
    }

    /// The same, sampled by `version`.
    void produceGroups(int from, int to, long version) {
        Codec<ScoredRollout> codec = codecs.codec(Topic.SCORED_ROLLOUTS);
        try (Producer<byte[], byte[]> producer = connection.openProducer(Map.of())) {
            for (int group = from; group < to; group++) {
                for (int index = 0; index < TestEvents.GROUP_SIZE; index++) {
                    send(
                            producer,
                            record(
                                    Topic.SCORED_ROLLOUTS,
                                    group,
                                    codec.encode(
                                            TestEvents.scoredRollout(
                                                            group,
                                                            index,
                                                            version,
                                                            tokenizer.digest())
                                                    .build())));
                }
            }
        }
    }

    void producePreferences(int from, int to) {
        Codec<Preference> codec = codecs.codec(Topic.PREFERENCES);
        try (Producer<byte[], byte[]> producer = connection.openProducer(Map.of())) {
            for (int number = from; number < to; number++) {
                send(
                        producer,
                        record(
                                Topic.PREFERENCES,
                                number,
                                codec.encode(
                                        TestEvents.preference(number, tokenizer.digest())
                                                .build())));
            }
        }
    }

    void produceRevisions(int from, int to) {
        Codec<Revision> codec = codecs.codec(Topic.REVISIONS);
        try (Producer<byte[], byte[]> producer = connection.openProducer(Map.of())) {
            for (int number = from; number < to; number++) {
                send(
                        producer,
                        record(
                                Topic.REVISIONS,
                                number,
                                codec.encode(
                                        TestEvents.revision(number, tokenizer.digest()).build())));
            }
        }
    }

    /// Writes bytes as they are.
    void produce(Topic topic, int number, byte[] value) {
        try (Producer<byte[], byte[]> producer = connection.openProducer(Map.of())) {
            send(producer, record(topic, number, value));
        }
    }

    /// Closing the producer waits for it.
    private static void send(
            Producer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record) {
        Future<RecordMetadata> _ = producer.send(record);
    }

    private ProducerRecord<byte[], byte[]> record(Topic topic, int number, byte[] value) {
        return new ProducerRecord<>(
                connection.name(topic),
                number % PARTITIONS,
                ("prompt-" + number).getBytes(StandardCharsets.UTF_8),
                value);
    }

    /// Deterministic, up to where the topic ends now.
    Pace recorded(Topic topic) {
        SortedMap<Integer, Long> ends = new TreeMap<>();
        try (Consumer<byte[], byte[]> consumer = connection.openConsumer(Map.of())) {
            consumer.endOffsets(partitions(connection.name(topic)))
                    .forEach((partition, end) -> ends.put(partition.partition(), end));
        }
        return new Pace.Recorded(ends);
    }

    List<Checkpoint> checkpoints(CheckpointRole role) {
        awaitMarkers(List.of(new TopicPartition(connection.name(Topic.CHECKPOINTS), 0)));
        try (CheckpointFollower follower = new CheckpointFollower(connection, codecs)) {
            follower.refresh();
            return follower.all().stream().filter(c -> c.getRole() == role).toList();
        }
    }

    /// Where `checkpoint` says that its trainer stands.
    static SortedMap<Integer, Long> positions(Checkpoint checkpoint) {
        SortedMap<Integer, Long> positions = new TreeMap<>();
        for (OffsetRange range : checkpoint.getConsumed()) {
            positions.put(range.getPartition(), range.getTo());
        }
        return positions;
    }

    /// Returns once `version` is announced.
    void await(CheckpointRole role, long version) throws InterruptedException {
        while (checkpoints(role).size() <= version) {
            Thread.sleep(50);
        }
    }

    /// Where a checkpoint lies, every file of it compared with its manifest.
    Path folder(Checkpoint checkpoint) {
        return store.open(checkpoint.getUri(), checkpoint.getDigest());
    }

    List<TrainingStep> trainingSteps() {
        Codec<TrainingStep> codec = codecs.codec(Topic.TRAINING_STEPS);
        return records(connection.name(Topic.TRAINING_STEPS), 1).stream()
                .map(record -> codec.decode(record.value()))
                .toList();
    }

    List<ConsumerRecord<byte[], byte[]>> deadLetters(Topic source) {
        return records(connection.deadLetters(source), PARTITIONS);
    }

    /// Committed positions of a trainer's group in its source.
    SortedMap<Integer, Long> committed(String trainer, Topic topic) throws Exception {
        SortedMap<Integer, Long> committed = new TreeMap<>();
        try (Admin admin = connection.openAdmin()) {
            admin.listConsumerGroupOffsets(connection.group(trainer))
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .forEach((partition, offset) -> {
                        if (partition.topic().equals(connection.name(topic))) {
                            committed.put(partition.partition(), offset.offset());
                        }
                    });
        }
        return committed;
    }

    private List<ConsumerRecord<byte[], byte[]>> records(String topic, int partitionCount) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        List<TopicPartition> partitions = partitions(topic).subList(0, partitionCount);
        awaitMarkers(partitions);
        try (Consumer<byte[], byte[]> consumer = connection.openConsumer(Map.of())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    /// A commit returns before its markers are written: waits until what was committed can be read,
    /// or, for a transaction that is left open, five seconds.
    private void awaitMarkers(List<TopicPartition> partitions) {
        try (Consumer<byte[], byte[]> committed = connection.openConsumer(Map.of());
                Consumer<byte[], byte[]> all =
                        connection.openConsumer(Map.of("isolation.level", "read_uncommitted"))) {
            for (int look = 0; look < 50; look++) {
                if (committed.endOffsets(partitions).equals(all.endOffsets(partitions))) {
                    return;
                }
                Thread.sleep(100);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<TopicPartition> partitions(String topic) {
        return IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    @Override
    public void close() {
        tokenizer.close();
        codecs.close();
    }
}

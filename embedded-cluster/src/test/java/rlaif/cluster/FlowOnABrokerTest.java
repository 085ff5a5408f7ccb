package rlaif.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.events.Prompt;
import rlaif.topics.CheckpointFollower;
import rlaif.topics.Codec;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Difference;
import rlaif.topics.GroupLag;
import rlaif.topics.Layout;
import rlaif.topics.PlanRefusedException;
import rlaif.topics.PositionLostException;
import rlaif.topics.Reachability;
import rlaif.topics.StartPositions;
import rlaif.topics.Topic;
import rlaif.topics.TopicPlan;

/// The map of topics on a real broker and registry; each test has a prefix of its own.
final class FlowOnABrokerTest {
    @TempDir private static Path directory;
    private static EmbeddedCluster cluster;
    private static Admin admin;

    @BeforeAll
    static void startCluster() {
        cluster = EmbeddedCluster.start(directory, _ -> {});
        admin = connection("admin").openAdmin();
    }

    @AfterAll
    static void stopCluster() {
        admin.close();
        cluster.close();
    }

    private static Connection connection(String prefix) {
        return new Connection(
                Connection.to(cluster.bootstrapServers(), cluster.registryUrl()).settings(),
                prefix);
    }

    private static Connection applied(String prefix) {
        Connection connection = connection(prefix);
        TopicPlan.compare(admin, connection, Layout.EMBEDDED).apply();
        return connection;
    }

    private static List<Difference> differences(Connection connection, Layout layout) {
        return TopicPlan.compare(admin, connection, layout).differences();
    }

    private static SchemaRegistryClient registry() {
        return new CachedSchemaRegistryClient(cluster.registryUrl(), 100);
    }

    private static void write(Connection connection, Topic topic, byte[]... values) {
        try (KafkaProducer<byte[], byte[]> producer = connection.openProducer(Map.of())) {
            for (byte[] value : values) {
                Future<RecordMetadata> sent =
                        producer.send(
                                new ProducerRecord<>(
                                        connection.name(topic), 0, "key".getBytes(UTF_8), value));
                producer.flush();
                assertThat(sent.resultNow().hasOffset()).isTrue();
            }
        }
    }

    @Test
    void rolesThatStartAtOnceOnANewPrefixAllFindItMade() throws Exception {
        for (int round = 0; round < 3; round++) {
            String prefix = "at-once-" + round;
            try (ExecutorService roles = Executors.newFixedThreadPool(4)) {
                for (Future<?> role :
                        roles.invokeAll(Collections.nCopies(4, () -> applied(prefix)))) {
                    role.get();
                }
            }
            assertThat(differences(connection(prefix), Layout.EMBEDDED)).isEmpty();
        }
    }

    @Test
    void anEmptyClusterLacksEverythingAndAnAppliedPlanLeavesNothing() {
        Connection connection = connection("empty");
        TopicPlan plan = TopicPlan.compare(admin, connection, Layout.EMBEDDED);
        assertThat(plan.differences())
                .hasSize(3 * Topic.values().length)
                .contains(new Difference.MissingSchema("empty.rlaif.prompts.v1-value"));
        assertThat(plan.differences().getFirst().describe())
                .isEqualTo("create topic empty.rlaif.prompts.v1: 4 partitions, replication 1");
        plan.apply();
        assertThat(differences(connection, Layout.EMBEDDED)).isEmpty();
        // Applied twice, and applied late, it does no harm.
        plan.apply();
        assertThat(differences(connection, Layout.EMBEDDED)).isEmpty();
        Reachability.require(connection);
    }

    @Test
    void whatIsWrittenStraightAfterApplyingIsRead() {
        Connection connection = applied("flow");
        try (Codecs codecs = new Codecs(connection);
                KafkaProducer<byte[], byte[]> producer =
                        connection.openProducer(Map.of("transactional.id", "flow"));
                KafkaConsumer<byte[], byte[]> consumer = connection.openConsumer(Map.of())) {
            Codec<Prompt> codec = codecs.codec(Topic.PROMPTS);
            producer.initTransactions();
            producer.beginTransaction();
            for (int i = 0; i < 100; i++) {
                Prompt prompt = Prompt.newBuilder().setId("p" + i).setText("t" + i).build();
                Future<RecordMetadata> _ =
                        producer.send(
                                new ProducerRecord<>(
                                        connection.name(Topic.PROMPTS),
                                        prompt.getId().getBytes(UTF_8),
                                        codec.encode(prompt)));
            }
            producer.commitTransaction();
            List<TopicPartition> partitions = new ArrayList<>();
            for (int i = 0; i < Layout.EMBEDDED.partitions(); i++) {
                partitions.add(new TopicPartition(connection.name(Topic.PROMPTS), i));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Set<String> ids = new HashSet<>();
            for (int polls = 0; polls < 100 && ids.size() < 100; polls++) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record -> ids.add(codec.decode(record.value()).getId()));
            }
            assertThat(ids).hasSize(100);
        }
    }

    @Test
    void aChangedSettingIsFoundAndSetBack() throws Exception {
        Connection connection = applied("setting");
        String topic = connection.name(Topic.PAIRS);
        admin.incrementalAlterConfigs(
                        Map.of(
                                new ConfigResource(ConfigResource.Type.TOPIC, topic),
                                List.of(
                                        new AlterConfigOp(
                                                new ConfigEntry("cleanup.policy", "compact"),
                                                AlterConfigOp.OpType.SET))))
                .all()
                .get();
        TopicPlan plan = TopicPlan.compare(admin, connection, Layout.EMBEDDED);
        assertThat(plan.differences())
                .containsExactly(
                        new Difference.OtherSetting(topic, "cleanup.policy", "compact", "delete"));
        plan.apply();
        assertThat(differences(connection, Layout.EMBEDDED)).isEmpty();
    }

    @Test
    void anotherCountOfPartitionsOrCopiesIsRefusedAndNothingChanges() {
        Connection connection = applied("layout");
        TopicPlan more = TopicPlan.compare(admin, connection, new Layout(12, (short) 1));
        assertThat(more.differences())
                .hasSize(9)
                .contains(new Difference.OtherPartitions(connection.name(Topic.PAIRS), 4, 12));
        assertThatThrownBy(more::apply)
                .isInstanceOf(PlanRefusedException.class)
                .hasMessageContaining("layout.rlaif.pairs.v1 has 4 partitions, not 12");
        TopicPlan fewer = TopicPlan.compare(admin, connection, new Layout(2, (short) 1));
        assertThatThrownBy(fewer::apply).isInstanceOf(PlanRefusedException.class);
        TopicPlan copies = TopicPlan.compare(admin, connection, new Layout(4, (short) 3));
        assertThatThrownBy(copies::apply)
                .isInstanceOf(PlanRefusedException.class)
                .hasMessageContaining("has replication 1, not 3");
        assertThat(differences(connection, Layout.EMBEDDED)).isEmpty();
    }

    @Test
    void aSubjectThatHoldsSomethingElseIsRefusedAndNothingChanges() throws Exception {
        Connection connection = connection("subject");
        AvroSchema other =
                new AvroSchema(
                        SchemaBuilder.record("Prompt")
                                .namespace("rlaif.events")
                                .fields()
                                .requiredInt("text")
                                .endRecord());
        try (SchemaRegistryClient registry = registry()) {
            registry.register("subject.rlaif.prompts.v1-value", other);
        }
        TopicPlan plan = TopicPlan.compare(admin, connection, Layout.EMBEDDED);
        assertThatThrownBy(plan::apply)
                .isInstanceOf(PlanRefusedException.class)
                .hasMessageContaining("subject.rlaif.prompts.v1-value holds records");
        assertThat(admin.listTopics().names().get())
                .noneMatch(topic -> topic.startsWith("subject."));
    }

    @Test
    void aSubjectThatChecksLessIsSetToCheckAll() throws Exception {
        Connection connection = applied("level");
        String subject = "level.rlaif.pairs.v1-value";
        try (SchemaRegistryClient registry = registry()) {
            registry.updateCompatibility(subject, "NONE");
        }
        TopicPlan plan = TopicPlan.compare(admin, connection, Layout.EMBEDDED);
        assertThat(plan.differences())
                .containsExactly(new Difference.OtherCompatibility(subject, "NONE"));
        plan.apply();
        assertThat(differences(connection, Layout.EMBEDDED)).isEmpty();
    }

    @Test
    void theRegistryRefusesASchemaThatOldReadersCannotRead() throws Exception {
        applied("evolve");
        AvroSchema narrowed =
                new AvroSchema(
                        SchemaBuilder.record("Prompt")
                                .namespace("rlaif.events")
                                .fields()
                                .requiredString("unheardOf")
                                .endRecord());
        try (SchemaRegistryClient registry = registry()) {
            assertThatThrownBy(() -> registry.register("evolve.rlaif.prompts.v1-value", narrowed))
                    .isInstanceOfSatisfying(
                            RestClientException.class,
                            refusal -> assertThat(refusal.getStatus()).isEqualTo(409));
        }
    }

    @Test
    void aFirstStartBeginsAtTheStartOfTheLogAndALaterOneWhereItWas() throws Exception {
        Connection connection = applied("start");
        String topic = connection.name(Topic.PAIRS);
        List<String> topics = List.of(topic);
        TopicPartition partition = new TopicPartition(topic, 0);
        GroupLag lag = new GroupLag(admin);
        write(connection, Topic.PAIRS, new byte[] {1}, new byte[] {2}, new byte[] {3});
        assertThat(lag.hasCommitted("g", topic)).isFalse();
        assertThat(lag.lag("g", topic)).isEqualTo(3);
        StartPositions.ensure(admin, "g", topics);
        assertThat(lag.hasCommitted("g", topic)).isTrue();
        assertThat(lag.lag("g", topic)).isEqualTo(3);
        admin.alterConsumerGroupOffsets("g", Map.of(partition, new OffsetAndMetadata(2)))
                .all()
                .get();
        StartPositions.ensure(admin, "g", topics);
        assertThat(lag.lag("g", topic)).isEqualTo(1);
        assertThat(lag.hasMembers("g")).isFalse();
        assertThat(lag.hasMembers("never-seen")).isFalse();
    }

    @Test
    void aPositionInSomePartitionsOnlyIsLostAndNoFirstStart() throws Exception {
        Connection connection = applied("partial");
        String topic = connection.name(Topic.PAIRS);
        admin.alterConsumerGroupOffsets(
                        "partial-g", Map.of(new TopicPartition(topic, 1), new OffsetAndMetadata(0)))
                .all()
                .get();
        assertThatThrownBy(() -> StartPositions.ensure(admin, "partial-g", List.of(topic)))
                .isInstanceOf(PositionLostException.class)
                .hasMessageContaining("partial.rlaif.pairs.v1-0");
    }

    @Test
    void aMemberIsSeenAndAStartBesideItChangesNothing() {
        Connection connection = applied("member");
        List<String> topics = List.of(connection.name(Topic.PAIRS));
        GroupLag lag = new GroupLag(admin);
        StartPositions.ensure(admin, "member-g", topics);
        try (KafkaConsumer<byte[], byte[]> consumer =
                connection.openConsumer(Map.of("group.id", "member-g"))) {
            consumer.subscribe(topics);
            for (int polls = 0; polls < 100 && !lag.hasMembers("member-g"); polls++) {
                consumer.poll(Duration.ofMillis(100));
            }
            assertThat(lag.hasMembers("member-g")).isTrue();
            StartPositions.ensure(admin, "member-g", topics);
        }
    }

    @Test
    void readingOnBehindTheStartOfTheLogNamesTheOffsetsThatAreGone() throws Exception {
        Connection connection = applied("gone");
        TopicPartition partition = new TopicPartition(connection.name(Topic.PAIRS), 0);
        write(connection, Topic.PAIRS, new byte[] {1}, new byte[] {2}, new byte[] {3});
        admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(2))).all().get();
        try (KafkaConsumer<byte[], byte[]> consumer = connection.openConsumer(Map.of())) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, 1);
            assertThatThrownBy(
                            () -> {
                                try {
                                    for (int polls = 0; polls < 100; polls++) {
                                        consumer.poll(Duration.ofMillis(100));
                                    }
                                } catch (InvalidOffsetException e) {
                                    throw PositionLostException.of("g", consumer, e);
                                }
                            })
                    .isInstanceOf(PositionLostException.class)
                    .hasMessageContaining("offsets 1 to 1 were deleted");
        }
    }

    @Test
    void aFollowerSeesWhatWasCommittedInOrderAndNothingElse() {
        Connection connection = applied("follow");
        try (Codecs codecs = new Codecs(connection);
                CheckpointFollower follower = new CheckpointFollower(connection, codecs);
                KafkaProducer<byte[], byte[]> producer =
                        connection.openProducer(Map.of("transactional.id", "follow"))) {
            follower.refresh();
            assertThat(follower.latest("chat", CheckpointRole.POLICY)).isEmpty();
            Codec<Checkpoint> codec = codecs.codec(Topic.CHECKPOINTS);
            producer.initTransactions();
            for (long version = 0; version < 4; version++) {
                producer.beginTransaction();
                announce(connection, producer, codec, CheckpointRole.POLICY, version);
                announce(connection, producer, codec, CheckpointRole.REWARD_MODEL, version);
                if (version == 3) {
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
            write(connection, Topic.CHECKPOINTS, new byte[] {1, 2, 3});
            follower.refresh();
            assertThat(follower.all()).hasSize(6);
            assertThat(follower.latest("chat", CheckpointRole.POLICY))
                    .hasValueSatisfying(c -> assertThat(c.getVersion()).isEqualTo(2));
            assertThat(follower.version("chat", CheckpointRole.REWARD_MODEL, 1)).isPresent();
            assertThat(follower.version("chat", CheckpointRole.REWARD_MODEL, 3)).isEmpty();
            assertThat(follower.latest("other", CheckpointRole.POLICY)).isEmpty();
            producer.beginTransaction();
            announce(connection, producer, codec, CheckpointRole.POLICY, 4);
            producer.commitTransaction();
            Instant deadline = Instant.now().plusSeconds(20);
            do {
                follower.refresh(); // the commit's mark is on the partition a moment later
            } while (follower.version("chat", CheckpointRole.POLICY, 4).isEmpty()
                    && Instant.now().isBefore(deadline));
            assertThat(follower.latest("chat", CheckpointRole.POLICY))
                    .hasValueSatisfying(c -> assertThat(c.getVersion()).isEqualTo(4));
        }
    }

    private static void announce(
            Connection connection,
            KafkaProducer<byte[], byte[]> producer,
            Codec<Checkpoint> codec,
            CheckpointRole role,
            long version) {
        Checkpoint checkpoint =
                Checkpoint.newBuilder().setPolicy("chat").setRole(role).setVersion(version).build();
        Future<RecordMetadata> _ =
                producer.send(
                        new ProducerRecord<>(
                                connection.name(Topic.CHECKPOINTS),
                                (role + "/" + version).getBytes(UTF_8),
                                codec.encode(checkpoint)));
    }
}

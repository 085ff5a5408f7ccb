package rlaif.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.cluster.EmbeddedCluster;
import rlaif.events.AbstainReason;
import rlaif.events.Candidate;
import rlaif.events.Judgment;
import rlaif.events.Pair;
import rlaif.events.Preference;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.DeadLetters;
import rlaif.topics.Ids;
import rlaif.topics.Layout;
import rlaif.topics.Topic;
import rlaif.topics.TopicPlan;

class MonitoredClusterTest {
    @TempDir private static Path folder;
    private static EmbeddedCluster cluster;

    @BeforeAll
    static void startCluster() {
        cluster = EmbeddedCluster.start(folder, _ -> {});
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    /// A small stream, written to topics of its own, all on partition 0.
    private static final class Written implements AutoCloseable {
        private final Connection connection;
        private final Codecs codecs;
        private final Admin admin;

        Written(String prefix, SmallStream stream) {
            connection =
                    new Connection(
                            Map.of(
                                    "kafka.bootstrap.servers",
                                    cluster.bootstrapServers(),
                                    "schema.registry.url",
                                    cluster.registryUrl()),
                            prefix);
            codecs = new Codecs(connection);
            admin = connection.openAdmin();
            TopicPlan.compare(admin, connection, Layout.EMBEDDED).apply();
            stream.steps.forEach(step ->
                    step.getConsumed().forEach(r -> r.setTopic(prefix + "." + r.getTopic())));
            write(Topic.PROMPTS, stream.prompts);
            write(Topic.ROLLOUTS, stream.rollouts);
            write(Topic.REVISIONS, stream.revisions);
            write(Topic.PAIRS, stream.pairs);
            write(Topic.JUDGMENTS, stream.judgments);
            write(Topic.PREFERENCES, stream.preferences);
            write(Topic.SCORED_ROLLOUTS, stream.scoredRollouts);
            write(Topic.CHECKPOINTS, stream.checkpoints);
            write(Topic.TRAINING_STEPS, stream.steps);
            commit("rollouts", Topic.PROMPTS, 8);
            commit("revise", Topic.ROLLOUTS, 16);
            commit("train-sft", Topic.REVISIONS, 8);
            commit("judge", Topic.ROLLOUTS, 16);
            commit("judge", Topic.PAIRS, 8);
            commit("score", Topic.ROLLOUTS, 16);
            commit("train-reward-model", Topic.PREFERENCES, 6);
            commit("train-ppo", Topic.SCORED_ROLLOUTS, 12);
        }

        void write(Topic topic, List<? extends SpecificRecord> records) {
            try (KafkaProducer<byte[], byte[]> producer = connection.openProducer(Map.of())) {
                send(producer, topic, records);
            }
        }

        private void send(
                KafkaProducer<byte[], byte[]> producer,
                Topic topic,
                List<? extends SpecificRecord> records) {
            for (SpecificRecord record : records) {
                var _ =
                        producer.send(
                                new ProducerRecord<>(
                                        connection.name(topic),
                                        0,
                                        null,
                                        codecs.<SpecificRecord>codec(topic).encode(record)));
            }
            producer.flush();
        }

        void commit(String role, Topic topic, long position) {
            TopicReading.answer(
                    "to commit",
                    admin.alterConsumerGroupOffsets(
                                    connection.group(role),
                                    Map.of(
                                            new TopicPartition(connection.name(topic), 0),
                                            new OffsetAndMetadata(position)))
                            .all());
        }

        Audit audit() {
            AuditPlan plan = AuditPlan.of(connection, rollout -> rollout.getIndex() == 0, false);
            return Audit.of(new AuditReader(connection, codecs, plan).read());
        }

        @Override
        public void close() {
            admin.close();
            codecs.close();
        }
    }

    private static StageReport stage(Audit audit, AuditStage stage) {
        return audit.stages().stream()
                .filter(report -> report.stage().equals(stage.written()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void auditOfAWholeStreamHoldsUntilARecordIsDoubled() {
        SmallStream stream = new SmallStream(8);
        Audit inMemory = stream.audit();
        try (Written written = new Written("doubled", stream)) {
            assertThat(written.audit()).isEqualTo(inMemory);
            abortDoubled(written, stream.judgments.get(2));
            assertThat(written.audit().holds()).isTrue();

            written.write(Topic.JUDGMENTS, List.of(stream.judgments.get(2)));

            Audit doubled = written.audit();
            assertThat(doubled.duplicated()).isEqualTo(1);
            assertThat(doubled.lost()).isZero();
            assertThat(stage(doubled, AuditStage.PAIRS_TO_JUDGMENTS).examples())
                    .containsExactly(stream.judgments.get(2).getPairId());
        }
    }

    private static void abortDoubled(Written written, Judgment judgment) {
        try (KafkaProducer<byte[], byte[]> producer =
                written.connection.openProducer(
                        Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "doubled-aborted"))) {
            producer.initTransactions();
            producer.beginTransaction();
            written.send(producer, Topic.JUDGMENTS, List.of(judgment));
            producer.abortTransaction();
        }
    }

    @Test
    void pairWithoutAJudgmentIsPendingOrLostOrADeadLetterOrNotReadYet() {
        SmallStream stream = new SmallStream(8);
        Judgment removed = stream.judgments.remove(7);
        try (Written written = new Written("removed", stream)) {
            String changelog = written.connection.group("judge") + "-judging-pending-changelog";
            TopicReading.answer(
                    "to create",
                    written.admin
                            .createTopics(List.of(new NewTopic(changelog, 4, (short) 1)))
                            .all());
            pending(written.connection, changelog, removed.getPairId(), Optional.of("waits"));
            Audit waiting = written.audit();
            assertThat(waiting.holds()).isTrue();
            assertThat(stage(waiting, AuditStage.PAIRS_TO_JUDGMENTS).inFlight()).isEqualTo(1);

            pending(written.connection, changelog, removed.getPairId(), Optional.empty());
            Audit lost = written.audit();
            assertThat(lost.lost()).isEqualTo(1);
            assertThat(stage(lost, AuditStage.PAIRS_TO_JUDGMENTS).examples())
                    .containsExactly(removed.getPairId());

            refuse(written, 7);
            Audit refused = written.audit();
            assertThat(refused.holds()).isTrue();
            assertThat(stage(refused, AuditStage.PAIRS_TO_JUDGMENTS).deadLettered()).isEqualTo(1);

            written.write(Topic.PAIRS, List.of(notRead()));
            Audit unread = written.audit();
            assertThat(unread.holds()).isTrue();
            assertThat(stage(unread, AuditStage.PAIRS_TO_JUDGMENTS).inFlight()).isEqualTo(1);
        }
    }

    private static Pair notRead() {
        return Pair.newBuilder().setId(Ids.pair("a", "b")).setGroupId("g").build();
    }

    private static void pending(
            Connection connection, String changelog, String pairId, Optional<String> value) {
        try (KafkaProducer<byte[], byte[]> producer = connection.openProducer(Map.of())) {
            var _ =
                    producer.send(
                            new ProducerRecord<>(
                                    changelog,
                                    pairId.getBytes(StandardCharsets.UTF_8),
                                    value.map(v -> v.getBytes(StandardCharsets.UTF_8))
                                            .orElse(null)));
        }
    }

    private static void refuse(Written written, long offset) {
        ConsumerRecord<byte[], byte[]> refused =
                new ConsumerRecord<>(
                        written.connection.name(Topic.PAIRS), 0, offset, null, new byte[] {1});
        try (KafkaProducer<byte[], byte[]> producer = written.connection.openProducer(Map.of())) {
            var _ =
                    producer.send(
                            DeadLetters.of(
                                    written.connection,
                                    Topic.PAIRS,
                                    refused,
                                    "judging",
                                    "JUDGE_UNAVAILABLE",
                                    5,
                                    new IllegalStateException("down")));
        }
    }

    @Test
    void tallyCountsWhatIsThere() throws InterruptedException {
        SmallStream stream = new SmallStream(8);
        try (Written written = new Written("tally", stream)) {
            LiveTally tally = new LiveTally(written.connection, written.codecs, "");
            refuse(written, 0);
            Thread thread = Thread.ofPlatform().start(tally::run);
            for (int i = 0;
                    i < 400
                            && (tally.snapshot().count(Topic.TRAINING_STEPS) < 3
                                    || tally.snapshot().count(Topic.PREFERENCES) < 6);
                    i++) {
                Thread.sleep(50);
            }
            assertThat(tally.snapshot().labelsPerSecond()).isZero(); // they were there before
            written.write(Topic.PREFERENCES, List.of(stream.preferences.getFirst()));
            for (int i = 0; i < 400 && tally.snapshot().count(Topic.PREFERENCES) < 7; i++) {
                Thread.sleep(50);
            }
            TallySnapshot snapshot = tally.snapshot();
            tally.close();
            thread.join();

            assertThat(snapshot.records())
                    .containsAllEntriesOf(
                            Map.of(
                                    Topic.PROMPTS, 8L,
                                    Topic.ROLLOUTS, 16L,
                                    Topic.PAIRS, 8L,
                                    Topic.JUDGMENTS, 8L,
                                    Topic.PREFERENCES, 7L,
                                    Topic.SCORED_ROLLOUTS, 12L,
                                    Topic.CHECKPOINTS, 3L));
            assertThat(snapshot.abstained()).isEqualTo(Map.of(AbstainReason.IDENTICAL, 2L));
            assertThat(snapshot.labelsPerSecond()).isPositive();
            assertThat(snapshot.firstLabel()).isPresent();
            assertThat(snapshot.policy()).isPresent();
            assertThat(snapshot.lastSteps()).containsKeys("train-ppo", "train-reward-model");
            assertThat(snapshot.lastProgress()).containsKey(Topic.PREFERENCES);
            assertThat(snapshot.deadLetters())
                    .isEqualTo(Map.of(Topic.PAIRS, Map.of("JUDGE_UNAVAILABLE", 1L)));
        }
    }

    @Test
    void exportWritesEachPreferenceOnceInOrder() {
        SmallStream stream = new SmallStream(8);
        double[] probabilities = {0.9, 0.2, 0.5, 0.7, 0.4};
        for (int i = 0; i < probabilities.length; i++) {
            stream.preferences.get(i).setFirstProbability(probabilities[i]);
            stream.preferences.get(i).setFirst(said("first" + i));
            stream.preferences.get(i).setSecond(said("second" + i));
        }
        Preference overruled = Preference.newBuilder(stream.preferences.getFirst()).build();
        overruled.setId("overruled");
        Preference overruling = Preference.newBuilder(overruled).setId("overruling").build();
        overruling.setSupersedes("overruled");
        Preference withdrawn = Preference.newBuilder(overruling).setId("withdrawn").build();
        withdrawn.setSupersedes("overruling");
        withdrawn.setFirstProbability(null);
        stream.preferences.addAll(List.of(overruled, overruling, withdrawn));
        try (Written written = new Written("export", stream)) {
            PreferenceExport export = new PreferenceExport(written.connection, written.codecs);
            StringBuilder lines = new StringBuilder();

            PreferenceExport.Written counts = export.write(lines);

            assertThat(counts).isEqualTo(new PreferenceExport.Written(5, 1, 3, 1));
            assertThat(lines.toString().lines())
                    .extracting(line -> line.replaceAll(".*\"chosen\":\"(\\w+)\".*", "$1"))
                    .containsExactly("first0", "second1", "first2", "first3", "second4");
            StringBuilder again = new StringBuilder();
            export.write(again);
            assertThat(again.toString()).isEqualTo(lines.toString());
        }
    }

    private static Candidate said(String completion) {
        return Candidate.newBuilder().setCompletion(completion).build();
    }
}

package rlaif.benchmarks.slcai;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import rlaif.benchmarks.BenchTopics;
import rlaif.events.Revision;
import rlaif.judging.JudgeCalls;
import rlaif.judging.revision.Reviser;
import rlaif.models.CheckpointStore;
import rlaif.models.Sampler;
import rlaif.monitor.Audit;
import rlaif.monitor.AuditPlan;
import rlaif.monitor.AuditReader;
import rlaif.processors.ReviseSettings;
import rlaif.processors.ReviseStage;
import rlaif.processors.RevisionSelection;
import rlaif.processors.StreamsSettings;
import rlaif.producers.PolicySwap;
import rlaif.producers.PromptProducer;
import rlaif.producers.PromptSource;
import rlaif.producers.RolloutProducer;
import rlaif.producers.RolloutSettings;
import rlaif.topics.Codec;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Topic;

/// Prompts to rollouts to revisions on topics of its own, with workers that can be started.
final class RevisionFlow implements AutoCloseable {
    static final String POLICY = "nine-rule-chat";
    private static final int MAX_TOKENS = 40;
    private static final int PROMPTS_PER_BATCH = 64;
    private static final Duration LONGEST_STANDSTILL = Duration.ofMinutes(2);

    /// Whatever policy 0 sampled.
    private static final RevisionSelection SELECTION = new RevisionSelection(1, Set.of(), 1);

    private final Path folder;
    private final Connection connection;
    private final Codecs codecs;
    private final CheckpointStore store;
    private final Workers workers = new Workers();

    RevisionFlow(Path folder, Connection connection, CheckpointStore store)
            throws ExecutionException, InterruptedException {
        this.folder = folder;
        this.connection = connection;
        this.codecs = new Codecs(connection);
        this.store = store;
        BenchTopics.make(connection, codecs);
    }

    Connection connection() {
        return connection;
    }

    Codecs codecs() {
        return codecs;
    }

    CheckpointStore store() {
        return store;
    }

    Workers workers() {
        return workers;
    }

    /// Asks the prompts of `source`, samples one completion each, and has them revised.
    void start(PromptSource source, Reviser reviser, long seed) {
        PromptProducer prompts =
                new PromptProducer(connection, codecs, source, PromptProducer.Settings.DEFAULT);
        workers.start("prompts", prompts::run, prompts::close);
        RolloutProducer rollouts =
                new RolloutProducer(
                        connection,
                        codecs,
                        store,
                        new RolloutSettings(
                                POLICY,
                                "sl-cai",
                                1,
                                PROMPTS_PER_BATCH,
                                MAX_TOKENS,
                                1.0,
                                Sampler.MOST_TOGETHER,
                                PolicySwap.BETWEEN_GROUPS,
                                1,
                                List.of(),
                                RolloutSettings.RECHECK));
        workers.start("rollouts", rollouts::run, rollouts::close);
        ReviseStage revise =
                new ReviseStage(
                        connection,
                        codecs,
                        reviser,
                        new ReviseStage.Settings(
                                new ReviseSettings(
                                        "nine-rules",
                                        seed,
                                        ReviseSettings.MOST_ROUNDS,
                                        SELECTION,
                                        JudgeCalls.Settings.DEFAULT),
                                new StreamsSettings(
                                        folder.resolve("revise"), Duration.ofSeconds(1), 1)),
                        _ -> {});
        workers.start("revise", revise::run, revise::close);
    }

    /// Waits until every one of `rollouts` rollouts is revised or refused, and returns the
    /// revisions by prompt id.
    Map<String, Revision> awaitRevisions(int rollouts) throws InterruptedException {
        Map<String, Revision> revisions = new HashMap<>();
        Codec<Revision> codec = codecs.codec(Topic.REVISIONS);
        long refused = 0;
        long standsSince = System.nanoTime();
        try (Consumer<byte[], byte[]> consumer = connection.openConsumer(Map.of())) {
            List<TopicPartition> partitions =
                    List.of(Topic.REVISIONS, Topic.ROLLOUTS).stream()
                            .map(topic ->
                                    topic == Topic.REVISIONS
                                            ? connection.name(topic)
                                            : connection.deadLetters(topic))
                            .flatMap(name -> consumer.partitionsFor(name).stream())
                            .map(p -> new TopicPartition(p.topic(), p.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (revisions.size() + refused < rollouts) {
                workers.requireHealthy();
                long before = revisions.size() + refused;
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    if (record.topic().equals(connection.name(Topic.REVISIONS))) {
                        Revision revision = codec.decode(record.value());
                        revisions.put(revision.getPromptId(), revision);
                    } else {
                        refused++;
                    }
                }
                if (revisions.size() + refused > before) {
                    standsSince = System.nanoTime();
                } else if (System.nanoTime() - standsSince > LONGEST_STANDSTILL.toNanos()) {
                    throw new IllegalStateException(
                            "%d of %d rollouts are revised, and nothing has happened for %s"
                                    .formatted(revisions.size(), rollouts, LONGEST_STANDSTILL));
                }
            }
        }
        return revisions;
    }

    /// The account of its topics.
    Audit audit() {
        AuditPlan plan = AuditPlan.of(connection, SELECTION::selects, false);
        return Audit.of(new AuditReader(connection, codecs, plan).read());
    }

    @Override
    public void close() {
        workers.close();
        codecs.close();
    }
}

package rlaif.benchmarks.trainers;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import rlaif.benchmarks.Bench;
import rlaif.benchmarks.BenchCluster;
import rlaif.benchmarks.Benchmark;
import rlaif.benchmarks.Figure;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.events.Prompt;
import rlaif.events.Rollout;
import rlaif.models.CheckpointStore;
import rlaif.models.TensorThread;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;
import rlaif.producers.PolicySwap;
import rlaif.producers.RolloutProducer;
import rlaif.producers.RolloutSettings;
import rlaif.topics.CheckpointFollower;
import rlaif.topics.Codec;
import rlaif.topics.Ids;
import rlaif.topics.Role;
import rlaif.topics.Topic;
import rlaif.trainers.loop.Lineage;
import rlaif.trainers.loop.Publisher;
import rlaif.trainers.loop.TrainerIdentity;
import rlaif.worlds.NineRuleChat;

/// From the moment a PPO trainer begins to write a checkpoint, optimizers and value model included,
/// to the first committed rollout with a token of it: announced in a transaction over a broker,
/// with the rollout worker at work all the while. Versions are some seconds apart, as a trainer's
/// are; written one right after the other they would show how much the disk takes in a row.
final class PublishToRollout implements Benchmark.Part {
    private static final BenchModel MODEL = BenchModel.PUBLISHED;
    private static final String POLICY = "policy";
    private static final int VERSIONS = 5;
    private static final int PROMPTS = 2_000;
    private static final int GROUP = 4;
    private static final int PROMPTS_PER_BATCH = 4;
    private static final int MOST_TOKENS = 32;
    private static final Duration STEP = Duration.ofSeconds(5); // a trainer's, between versions
    private static final Duration LONGEST = Duration.ofMinutes(1);

    @Override
    public String name() {
        return "publish";
    }

    @Override
    public List<Figure> measure(Bench bench) throws Exception {
        TensorThread.prepare(1);
        CheckpointStore store = new CheckpointStore(bench.folder().resolve("checkpoints"));
        double[] seconds = new double[VERSIONS];
        double[] written = new double[VERSIONS];
        double[] disk = new double[VERSIONS];
        try (BenchCluster cluster = new BenchCluster(bench);
                Transformer policy = MODEL.policy();
                Tokenizer tokenizer = BenchModel.tokenizer(bench.folder());
                Producer<byte[], byte[]> producer = cluster.connection().openProducer(Map.of());
                PpoState state = new PpoState(policy);
                CheckpointFollower follower =
                        new CheckpointFollower(cluster.connection(), cluster.codecs());
                Publisher publisher = publisher(cluster, follower);
                KafkaConsumer<byte[], byte[]> consumer =
                        cluster.connection().openConsumer(Map.of())) {
            ask(cluster, producer);
            IntFunction<CheckpointStore.Stored> save =
                    version ->
                            store.save("policy", version, policy, tokenizer, Map.of(), state::save);
            CheckpointStore.Stored newest = save.apply(0);
            announce(publisher, newest, 0);
            watch(cluster, consumer);
            RolloutProducer worker = worker(cluster, store);
            Thread thread = Thread.ofPlatform().name("rollouts").start(worker::run);
            try {
                await(cluster, consumer, 0);
                for (int version = 1; version <= VERSIONS; version++) {
                    Thread.sleep(STEP);
                    long begin = System.nanoTime();
                    newest = save.apply(version);
                    written[version - 1] = secondsSince(begin);
                    announce(publisher, newest, version);
                    await(cluster, consumer, version);
                    seconds[version - 1] = secondsSince(begin);
                    bench.say(
                            "version %d: %.2f s, %.2f s of them to write it"
                                    .formatted(
                                            version, seconds[version - 1], written[version - 1]));
                }
                for (int copy = 0; copy < VERSIONS; copy++) {
                    Thread.sleep(STEP);
                    disk[copy] =
                            copySeconds(newest.folder(), bench.folder().resolve("copy" + copy));
                }
            } finally {
                worker.close();
                thread.join();
            }
        }
        String what =
                "from publishing a %s checkpoint to the first rollout with it"
                        .formatted(MODEL.parameters());
        return List.of(
                Figure.atMost(what + ", median", Duel.median(seconds), "s", 1.5),
                Figure.reported(
                        what + ", longest", Arrays.stream(seconds).max().orElseThrow(), "s"),
                Figure.reported(
                        "of it, until everything is on disk, median", Duel.median(written), "s"),
                Figure.reported(
                        "the same files copied and forced to disk by themselves, median",
                        Duel.median(disk),
                        "s"));
    }

    /// How long this disk takes for as many bytes.
    private static double copySeconds(Path checkpoint, Path copy) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(checkpoint)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        long begin = System.nanoTime();
        for (Path file : files) {
            Path target = copy.resolve(checkpoint.relativize(file).toString());
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
            try (FileChannel channel = FileChannel.open(target, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
        return secondsSince(begin);
    }

    private static double secondsSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1e9;
    }

    private static RolloutProducer worker(BenchCluster cluster, CheckpointStore store) {
        return new RolloutProducer(
                cluster.connection(),
                cluster.codecs(),
                store,
                new RolloutSettings(
                        POLICY,
                        "bench",
                        GROUP,
                        PROMPTS_PER_BATCH,
                        MOST_TOKENS,
                        1,
                        GROUP * PROMPTS_PER_BATCH,
                        PolicySwap.IN_FLIGHT,
                        1,
                        List.of(),
                        RolloutSettings.RECHECK));
    }

    private static void ask(BenchCluster cluster, Producer<byte[], byte[]> producer)
            throws Exception {
        Codec<Prompt> codec = cluster.codecs().codec(Topic.PROMPTS);
        NineRuleChat world = new NineRuleChat();
        Future<?> sent = CompletableFuture.completedFuture(null);
        for (int i = 0; i < PROMPTS; i++) {
            String id = Ids.prompt("bench", "item" + i, 0);
            sent =
                    producer.send(
                            new ProducerRecord<>(
                                    cluster.connection().name(Topic.PROMPTS),
                                    id.getBytes(StandardCharsets.UTF_8),
                                    codec.encode(
                                            Prompt.newBuilder()
                                                    .setId(id)
                                                    .setItem("item" + i)
                                                    .setText(world.prompt(1, i).text())
                                                    .build())));
        }
        sent.get(); // the last; those before it are written
    }

    private static Publisher publisher(BenchCluster cluster, CheckpointFollower follower) {
        return new Publisher(
                cluster.connection(),
                cluster.codecs(),
                TrainerIdentity.of(
                        POLICY,
                        CheckpointRole.POLICY,
                        Role.TRAIN_PPO.id(),
                        Topic.SCORED_ROLLOUTS,
                        1),
                new Lineage(follower, POLICY, CheckpointRole.POLICY));
    }

    private static void announce(Publisher publisher, CheckpointStore.Stored stored, long version) {
        publisher.publish(
                Checkpoint.newBuilder()
                        .setPolicy(POLICY)
                        .setRole(CheckpointRole.POLICY)
                        .setVersion(version)
                        .setUri(stored.uri())
                        .setDigest(stored.digest())
                        .build(),
                List.of());
    }

    private static void watch(BenchCluster cluster, KafkaConsumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions =
                consumer.partitionsFor(cluster.connection().name(Topic.ROLLOUTS)).stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    private static void await(
            BenchCluster cluster, KafkaConsumer<byte[], byte[]> consumer, long version) {
        Codec<Rollout> codec = cluster.codecs().codec(Topic.ROLLOUTS);
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (System.nanoTime() < deadline) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(20))) {
                boolean seen =
                        codec.decode(record.value()).getPolicyVersions().stream()
                                .anyMatch(range -> range.getVersion() == version);
                if (seen) {
                    return;
                }
            }
        }
        throw new IllegalStateException(
                "no rollout of version %d within %d s".formatted(version, LONGEST.toSeconds()));
    }
}

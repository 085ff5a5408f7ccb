package rlaif.benchmarks.resume;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import rlaif.events.Candidate;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.events.FinishReason;
import rlaif.events.Preference;
import rlaif.events.ScoredRollout;
import rlaif.events.VersionRange;
import rlaif.models.CheckpointStore;
import rlaif.models.Head;
import rlaif.models.ModelShape;
import rlaif.models.TensorThread;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;
import rlaif.topics.CheckpointFollower;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Layout;
import rlaif.topics.Topic;
import rlaif.topics.TopicPlan;
import rlaif.trainers.loop.Lineage;
import rlaif.trainers.loop.Publisher;
import rlaif.trainers.loop.TrainerIdentity;

/// The topics under one prefix with the first models and a log to train on; under every prefix the
/// same, record by record.
///
/// Owned by one thread.
final class RecordedLog implements AutoCloseable {
    private static final int PARTITIONS = 4;
    private static final int WORDS = 64;
    private static final int END = 1;
    private static final ModelShape SHAPE =
            new ModelShape(WORDS, 64, 2, 4, 2, 16, 128, 64, 10_000, 1e-5, END, 0);

    /// Held-out preferences are passed over, so that a few more are needed than are trained on.
    private static final double SPARE = 1.3;

    private final Connection connection;
    private final Codecs codecs;
    private final Path store;
    private @Nullable CheckpointFollower announcements;

    RecordedLog(Connection connection, Path folder) {
        this.connection = connection;
        this.codecs = new Codecs(connection);
        this.store = folder.resolve("checkpoints");
    }

    Connection connection() {
        return connection;
    }

    Path store() {
        return store;
    }

    /// Makes topics and first models, and writes the whole log of `trainer`.
    void record(Trainer trainer) throws IOException {
        try (Admin admin = connection.openAdmin()) {
            TopicPlan.compare(admin, connection, Layout.EMBEDDED).apply();
        }
        TensorThread.prepare(1);
        Path folder = Files.createDirectories(store.resolveSibling("tokenizer"));
        Files.writeString(folder.resolve("tokenizer.json"), tokenizerJson());
        try (Tokenizer tokenizer = Tokenizer.load(folder);
                Transformer policy = Transformer.random(SHAPE, Head.LANGUAGE_MODEL, 7);
                Transformer rewardModel = policy.withScalarHead(7)) {
            announce(CheckpointRole.POLICY, policy, tokenizer);
            switch (trainer) {
                case PPO -> {
                    announce(CheckpointRole.REWARD_MODEL, rewardModel, tokenizer);
                    writeRollouts(Trainer.GROUPS * trainer.versions(), tokenizer.digest());
                }
                case REWARD_MODEL ->
                        writePreferences(
                                (int) (SPARE * Trainer.PREFERENCES * trainer.versions()),
                                tokenizer.digest());
            }
        }
    }

    private void announce(CheckpointRole role, Transformer model, Tokenizer tokenizer) {
        CheckpointStore.Stored stored =
                new CheckpointStore(store)
                        .save(
                                TrainerIdentity.written(role),
                                0,
                                model,
                                tokenizer,
                                Map.of(),
                                _ -> {});
        TrainerIdentity identity =
                new TrainerIdentity(Trainer.POLICY, role, "bench", Topic.PROMPTS, "bench");
        try (CheckpointFollower follower = new CheckpointFollower(connection, codecs);
                Publisher publisher =
                        new Publisher(
                                connection,
                                codecs,
                                identity,
                                new Lineage(follower, Trainer.POLICY, role))) {
            publisher.publish(
                    Checkpoint.newBuilder()
                            .setPolicy(Trainer.POLICY)
                            .setRole(role)
                            .setVersion(0)
                            .setUri(stored.uri())
                            .setDigest(stored.digest())
                            .setRun("bench")
                            .setGeneration(0)
                            .build(),
                    List.of());
        }
    }

    /// Groups in turn over the partitions; every rollout says that the newest version there can be
    /// when it is trained on is no more than the gate ahead.
    private void writeRollouts(int groups, String digest) {
        List<SpecificRecord> rollouts = new ArrayList<>();
        for (int group = 0; group < groups; group++) {
            long version = Math.max(0, group / Trainer.GROUPS - 2L);
            for (int index = 0; index < Trainer.GROUP_SIZE; index++) {
                rollouts.add(rollout(group, index, version, digest));
            }
        }
        write(Topic.SCORED_ROLLOUTS, Trainer.GROUP_SIZE, rollouts);
    }

    private static ScoredRollout rollout(int group, int index, long version, String digest) {
        List<Integer> completion = completion(31L * group + index);
        double score =
                completion.stream().mapToInt(t -> t < WORDS / 2 ? 1 : -1).average().orElse(0);
        return ScoredRollout.newBuilder()
                .setRolloutId("rollout-%d-%d".formatted(group, index))
                .setPromptId("prompt-" + group)
                .setGroupId("group-" + group)
                .setIndex(index)
                .setGroupSize(Trainer.GROUP_SIZE)
                .setPrompt("prompt " + group)
                .setPromptTokens(prompt(group))
                .setCompletionTokens(completion)
                .setBehaviourLogprobs(Collections.nCopies(completion.size(), -4.1f))
                .setPolicy(Trainer.POLICY)
                .setPolicyVersions(List.of(new VersionRange(version, 0, completion.size())))
                .setTemperature(1.0)
                .setTopP(1.0)
                .setTopK(0)
                .setMaxTokens(32)
                .setFinishReason(FinishReason.EOS)
                .setTokenizerDigest(digest)
                .setScorer(Trainer.SCORER)
                .setScorerVersion(0)
                .setRawScore(score)
                .setScore(score)
                .build();
    }

    private void writePreferences(int count, String digest) {
        List<SpecificRecord> preferences = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            Candidate first = candidate(17L * number);
            Candidate second = candidate(17L * number + 1);
            boolean firstIsLower =
                    first.getCompletionTokens().getFirst()
                            < second.getCompletionTokens().getFirst();
            preferences.add(
                    Preference.newBuilder()
                            .setId("preference-" + number)
                            .setPromptId("prompt-" + number)
                            .setPrompt("prompt " + number)
                            .setPromptTokens(prompt(number))
                            .setTokenizerDigest(digest)
                            .setPolicy(Trainer.POLICY)
                            .setFirst(first)
                            .setSecond(second)
                            .setFirstProbability(firstIsLower ? 0.9 : 0.1)
                            .build());
        }
        write(Topic.PREFERENCES, 1, preferences);
    }

    private static Candidate candidate(long seed) {
        List<Integer> completion = completion(seed);
        return Candidate.newBuilder()
                .setRolloutId("rollout-" + seed)
                .setCompletionTokens(completion)
                .setPolicyVersions(List.of(new VersionRange(0L, 0, completion.size())))
                .setFinishReason(FinishReason.EOS)
                .build();
    }

    private static List<Integer> prompt(int number) {
        return List.of(2, 3 + number % 8, 3 + number % 11);
    }

    private static List<Integer> completion(long seed) {
        Random random = new Random(seed);
        List<Integer> tokens = new ArrayList<>();
        int length = 8 + random.nextInt(16);
        for (int i = 0; i < length; i++) {
            tokens.add(2 + random.nextInt(WORDS - 2));
        }
        tokens.add(END);
        return tokens;
    }

    /// @param together records that go to one partition before the next one's turn
    private void write(Topic topic, int together, List<SpecificRecord> records) {
        try (Producer<byte[], byte[]> producer = connection.openProducer(Map.of())) {
            for (int i = 0; i < records.size(); i++) {
                var _ =
                        producer.send(
                                new ProducerRecord<>(
                                        connection.name(topic),
                                        i / together % PARTITIONS,
                                        ("prompt-" + i / together).getBytes(StandardCharsets.UTF_8),
                                        codecs.<SpecificRecord>codec(topic)
                                                .encode(records.get(i))));
            }
        }
    }

    /// Everything announced by the trainer of `role` by now, in order; once the log is written.
    List<Checkpoint> versions(CheckpointRole role) {
        if (announcements == null) {
            announcements = new CheckpointFollower(connection, codecs);
        }
        announcements.refresh();
        return announcements.all().stream()
                .filter(checkpoint -> checkpoint.getRole() == role)
                .filter(checkpoint -> !checkpoint.getRun().equals("bench"))
                .toList();
    }

    /// The same once there are `least` of them, or after ten seconds: a trainer ends a moment
    /// before its last announcement can be read.
    List<Checkpoint> versions(CheckpointRole role, int least) throws InterruptedException {
        for (int look = 0; look < 100 && versions(role).size() < least; look++) {
            Thread.sleep(100);
        }
        return versions(role);
    }

    private static String tokenizerJson() {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < WORDS; i++) {
            words.add("\"w%d\": %d".formatted(i, i));
        }
        return """
        {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
         "normalizer": null, "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null,
         "decoder": null, "model": {"type": "WordLevel", "vocab": {%s}, "unk_token": "w2"}}
        """
                .formatted(String.join(", ", words));
    }

    @Override
    public void close() {
        if (announcements != null) {
            announcements.close();
        }
        codecs.close();
    }
}

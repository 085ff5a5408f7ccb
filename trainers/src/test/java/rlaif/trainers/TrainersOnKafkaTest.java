package rlaif.trainers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import rlaif.cluster.EmbeddedCluster;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.events.OffsetRange;
import rlaif.events.ScoredRollout;
import rlaif.events.TrainingStep;
import rlaif.models.CheckpointRefusedException;
import rlaif.models.LoraSettings;
import rlaif.models.LoraTarget;
import rlaif.models.ModelFolderException;
import rlaif.models.Transformer;
import rlaif.models.WeightFormat;
import rlaif.topics.Connection;
import rlaif.topics.DeadLetters;
import rlaif.topics.Topic;
import rlaif.trainers.batching.MicroBatching;
import rlaif.trainers.dpo.DpoSettings;
import rlaif.trainers.loop.Batch;
import rlaif.trainers.loop.FencedTrainerException;
import rlaif.trainers.loop.Pace;
import rlaif.trainers.loop.Retention;
import rlaif.trainers.loop.SecondPolicyException;
import rlaif.trainers.ppo.KlController;
import rlaif.trainers.ppo.PpoSettings;
import rlaif.trainers.ppo.PpoVariants;

/// The trainers on a cluster: what becomes visible together, and what a kill, a rival and a bad
/// record do.
@Timeout(120)
class TrainersOnKafkaTest {
    @TempDir private static Path folder;
    private static EmbeddedCluster cluster;

    @BeforeAll
    static void startCluster() {
        cluster = EmbeddedCluster.start(folder.resolve("cluster"), _ -> {});
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    private static TestStream stream(String prefix) {
        return new TestStream(
                new Connection(
                        Map.of(
                                "kafka.bootstrap.servers", cluster.bootstrapServers(),
                                "schema.registry.url", cluster.registryUrl()),
                        prefix),
                folder.resolve(prefix));
    }

    @Test
    void sftAnnouncesVersionZeroOnceAndTheSeedDecidesIt() {
        List<String> digests = new ArrayList<>();
        for (String prefix : List.of("sft-a", "sft-b")) {
            try (TestStream stream = stream(prefix)) {
                sft(stream).run();
                sft(stream).run();
                List<Checkpoint> policies = stream.checkpoints(CheckpointRole.POLICY);
                assertThat(policies).hasSize(1);
                assertThat(policies.getFirst().getVersion()).isZero();
                assertThat(policies.getFirst().getParent()).isNull();
                assertThat(stream.trainingSteps())
                        .extracting(TrainingStep::getStep)
                        .containsExactly(1L, 2L, 3L, 4L, 5L);
                digests.add(policies.getFirst().getDigest());
            }
        }
        assertThat(digests.getFirst()).isEqualTo(digests.getLast());
    }

    private static SftTrainer sft(TestStream stream) {
        List<Demonstration> demonstrations =
                List.of(new Demonstration("w3 w4", "w5 w6"), new Demonstration("w7", "w8"));
        return new SftTrainer(
                stream.workshop(),
                new PolicyOrigin.Trained(
                        TinyModels.SHAPE, stream.tokenizer, demonstrations::iterator),
                new SftTrainer.Settings(TestEvents.POLICY, 3, 5, 4, 1e-2, 1),
                (_, _, _) -> {});
    }

    @Test
    void anExistingModelIsAdoptedAsVersionZero() {
        try (TestStream stream = stream("adopt");
                Transformer model = TinyModels.policy(11)) {
            Path adopted =
                    stream.store
                            .save("other", 5, model, stream.tokenizer, Map.of(), _ -> {})
                            .folder();
            new SftTrainer(
                            stream.workshop(),
                            new PolicyOrigin.Adopted(adopted),
                            SftTrainer.Settings.defaults(TestEvents.POLICY, 3),
                            (_, _, _) -> {})
                    .run();
            Checkpoint policy = stream.checkpoints(CheckpointRole.POLICY).getFirst();
            try (Transformer announced =
                    Transformer.load(stream.store.open(policy.getUri(), policy.getDigest()))) {
                assertThat(announced.parameters().toFloatArray())
                        .isEqualTo(model.parameters().toFloatArray());
            }
            assertThatThrownBy(() ->
                            new SftTrainer(
                                            stream.workshop(),
                                            new PolicyOrigin.Adopted(adopted),
                                            SftTrainer.Settings.defaults("another", 3),
                                            (_, _, _) -> {})
                                    .run())
                    .isInstanceOf(SecondPolicyException.class)
                    .hasMessageContaining("a topics.prefix of its own");
            assertThat(stream.checkpoints(CheckpointRole.POLICY)).hasSize(1);
        }
    }

    @Test
    void anExistingModelIsFineTunedByAdaptersAndGoesOnAfterAStop() throws IOException {
        Path model = Files.createDirectories(folder.resolve("to-be-tuned"));
        List<Checkpoint> announced = new ArrayList<>();
        for (int stopAt : List.of(0, 3)) {
            try (TestStream stream = stream("tuned-" + stopAt)) {
                if (announced.isEmpty()) {
                    try (Transformer policy = TinyModels.policy(11)) {
                        policy.save(model, stream.tokenizer, WeightFormat.FLOAT32);
                    }
                }
                fineTune(stream, model, stopAt);
                if (stopAt > 0) {
                    assertThat(stream.checkpoints(CheckpointRole.POLICY)).isEmpty();
                    fineTune(stream, model, 0);
                }
                assertThat(stream.trainingSteps()).hasSize(5);
                announced.add(stream.checkpoints(CheckpointRole.POLICY).getFirst());
                try (Transformer tuned =
                                Transformer.load(
                                        stream.store.open(
                                                announced.getLast().getUri(),
                                                announced.getLast().getDigest()));
                        Transformer before = Transformer.load(model)) {
                    assertThat(tuned.parameters().toFloatArray())
                            .isNotEqualTo(before.parameters().toFloatArray());
                }
            }
        }
        assertThat(announced.getFirst().getDigest()).isEqualTo(announced.getLast().getDigest());
    }

    /// @param stopAt step after which it is stopped; 0: it goes on to its end
    private static void fineTune(TestStream stream, Path model, long stopAt) {
        List<Demonstration> demonstrations =
                List.of(new Demonstration("w3 w4", "w5 w6"), new Demonstration("w7", "w8"));
        TrainedWeights adapters =
                new TrainedWeights.Adapters(
                        new LoraSettings(2, 4, EnumSet.allOf(LoraTarget.class)));
        Workshop whole = stream.workshop();
        List<SftTrainer> trainer = new ArrayList<>();
        trainer.add(
                new SftTrainer(
                                new Workshop(
                                        whole.connection(),
                                        whole.codecs(),
                                        whole.store(),
                                        new Footprint(adapters, MicroBatching.undivided()),
                                        whole.retention()),
                                new PolicyOrigin.FineTuned(model, demonstrations::iterator),
                                new SftTrainer.Settings(TestEvents.POLICY, 3, 5, 4, 1e-2, 1),
                                (step, _, _) -> {
                                    if (step == stopAt) {
                                        trainer.getFirst().close();
                                    }
                                })
                        .resumable(folder.resolve("notes-" + stream.tokenizer.digest()), 2));
        trainer.getFirst().run();
    }

    @Test
    void sftOnRevisionsAnnouncesItsVersionsAndGoesOnExactlyAfterAStop() throws Exception {
        String undisturbed;
        try (TestStream stream = stream("revisions")) {
            stream.announceFirstModels();
            stream.produceRevisions(0, 30);
            revisions(stream, stream.recorded(Topic.REVISIONS)).run();
            List<Checkpoint> versions = stream.checkpoints(CheckpointRole.POLICY);
            assertThat(versions).extracting(Checkpoint::getVersion).containsExactly(0L, 1L, 2L, 3L);
            assertThat(versions).extracting(Checkpoint::getStep).endsWith(2L, 4L, 6L);
            assertThat(stream.committed("train-sft", Topic.REVISIONS))
                    .isEqualTo(positions(versions.getLast()))
                    .isEqualTo(new TreeMap<>(Map.of(0, 12L, 1, 12L)));
            TrainingStep step = stream.trainingSteps().getLast();
            assertThat(step.getRecords()).isEqualTo(4);
            assertThat(step.getMetrics())
                    .containsEntry("examples/revised", 8.0)
                    .containsEntry("examples/helpful", 8.0);
            revisions(stream, stream.recorded(Topic.REVISIONS)).run(); // all is announced
            assertThat(stream.checkpoints(CheckpointRole.POLICY)).hasSize(4);
            undisturbed = versions.getLast().getDigest();

            stream.produceGroups(0, 4);
            ppo(
                            stream,
                            3,
                            4,
                            stream.recorded(Topic.SCORED_ROLLOUTS),
                            PpoTrainer.ValueOrigin.REWARD_MODEL)
                    .run();
            Checkpoint aligned = stream.checkpoints(CheckpointRole.POLICY).getLast();
            assertThat(aligned.getVersion()).isEqualTo(4);
            assertThat(aligned.getParent()).isEqualTo(3);
            assertThat(aligned.getReferenceVersion()).isEqualTo(3);
        }
        try (TestStream stream = stream("revisions-stopped")) {
            stream.announceFirstModels();
            stream.produceRevisions(0, 14); // one version and a step
            RevisionTrainer stopped = revisions(stream, Pace.deterministic());
            Thread thread = Thread.ofPlatform().start(stopped::run);
            await(stream, CheckpointRole.POLICY, 1);
            stopped.close();
            thread.join(Duration.ofSeconds(30));
            stream.produceRevisions(14, 30);
            revisions(stream, stream.recorded(Topic.REVISIONS)).run();
            assertThat(stream.checkpoints(CheckpointRole.POLICY).getLast().getDigest())
                    .isEqualTo(undisturbed);
            assertThat(stream.trainingSteps())
                    .extracting(TrainingStep::getStep)
                    .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        }
    }

    private static RevisionTrainer revisions(TestStream stream, Pace pace) {
        List<Demonstration> helpful =
                List.of(new Demonstration("w3 w4", "w5 w6"), new Demonstration("w7", "w8"));
        return new RevisionTrainer(
                stream.workshop(),
                helpful::iterator,
                new RevisionTrainer.Settings(
                        TestEvents.POLICY, 3, 4, 24, 8, TrainedRounds.ALL, 0.5, 1e-2, 1, pace),
                (_, _, _) -> {});
    }

    @Test
    void rewardModelVersionsNameWhatTheyConsumedAndTheGroupCommittedThat() throws Exception {
        try (TestStream stream = stream("rm")) {
            stream.announce(CheckpointRole.POLICY, 0, TinyModels.policy(7));
            stream.producePreferences(0, 120);
            rewardModel(stream).run();
            List<Checkpoint> versions = stream.checkpoints(CheckpointRole.REWARD_MODEL);
            assertThat(versions)
                    .extracting(Checkpoint::getVersion)
                    .containsExactlyElementsOf(
                            LongStream.range(0, versions.size()).boxed().toList());
            assertThat(versions.size()).isGreaterThanOrEqualTo(3);
            for (Checkpoint version : versions) {
                assertThat(version.getScoreStandardDeviation()).isPositive();
                assertThat(version.getScoreMean()).isNotNull();
                assertThat(version.getScoreFrom()).hasSize(TestStream.PARTITIONS);
                assertThat(version.getMetrics()).containsKeys("loss", "held_out/brier");
            }
            Checkpoint head = versions.getLast();
            assertThat(stream.committed("train-reward-model", Topic.PREFERENCES))
                    .isEqualTo(positions(head));
            List<TrainingStep> steps = stream.trainingSteps();
            assertThat(steps)
                    .extracting(TrainingStep::getStep)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, head.getStep()).boxed().toList());
            assertThat(steps.stream().mapToLong(TrainersOnKafkaTest::wentThrough).sum())
                    .isEqualTo(
                            head.getConsumed().stream()
                                    .mapToLong(range -> range.getTo() - range.getFrom())
                                    .sum());
            assertThat(
                            steps.stream()
                                    .mapToLong(s -> s.getDropped().getOrDefault(Batch.HELD_OUT, 0L))
                                    .sum())
                    .isPositive();
        }
    }

    private static long wentThrough(TrainingStep step) {
        return step.getRecords()
                + step.getDropped().values().stream().mapToLong(Long::longValue).sum();
    }

    @Test
    void aRewardModelTrainerStartedAgainMakesWhatAnUndisturbedOneMakes() throws Exception {
        String undisturbed;
        try (TestStream stream = stream("rm-once")) {
            stream.announce(CheckpointRole.POLICY, 0, TinyModels.policy(7));
            stream.producePreferences(0, 120);
            rewardModel(stream).run();
            undisturbed = stream.checkpoints(CheckpointRole.REWARD_MODEL).getLast().getDigest();
        }
        try (TestStream stream = stream("rm-twice")) {
            stream.announce(CheckpointRole.POLICY, 0, TinyModels.policy(7));
            stream.producePreferences(0, 60);
            RewardModelTrainer first = rewardModel(stream, Pace.deterministic());
            Thread thread = Thread.ofPlatform().start(first::run);
            await(stream, CheckpointRole.REWARD_MODEL, 0);
            first.close();
            thread.join(Duration.ofSeconds(20));
            int before = stream.checkpoints(CheckpointRole.REWARD_MODEL).size();
            stream.producePreferences(60, 120);
            rewardModel(stream).run();
            List<Checkpoint> versions = stream.checkpoints(CheckpointRole.REWARD_MODEL);
            assertThat(before).isPositive().isLessThan(versions.size());
            assertThat(versions.getLast().getDigest()).isEqualTo(undisturbed);
            assertThat(versions.getLast().getGeneration()).isEqualTo(1);
            assertThat(versions.getLast().getScoreFrom())
                    .isEqualTo(versions.getFirst().getScoreFrom());
        }
    }

    private static RewardModelTrainer rewardModel(TestStream stream) {
        return rewardModel(stream, stream.recorded(Topic.PREFERENCES));
    }

    private static RewardModelTrainer rewardModel(TestStream stream, Pace pace) {
        return new RewardModelTrainer(
                stream.workshop(),
                new RewardModelTrainer.Settings(
                        TestEvents.POLICY,
                        0,
                        5,
                        8,
                        32,
                        16,
                        1e-3,
                        new LearningRateSchedule.Constant(0),
                        0.1,
                        8,
                        40,
                        1,
                        pace));
    }

    @Test
    void ppoPublishesEachStepWithItsOffsetsAndEndsAfterItsLastVersion() throws Exception {
        try (TestStream stream = stream("ppo")) {
            stream.announceFirstModels();
            stream.produceGroups(0, 24);
            ppo(stream, 3).run();
            List<Checkpoint> versions = stream.checkpoints(CheckpointRole.POLICY);
            assertThat(versions).extracting(Checkpoint::getVersion).containsExactly(0L, 1L, 2L, 3L);
            assertThat(versions)
                    .extracting(Checkpoint::getParent)
                    .containsExactly(null, 0L, 1L, 2L);
            assertThat(stream.committed("train-ppo", Topic.SCORED_ROLLOUTS))
                    .isEqualTo(positions(versions.getLast()))
                    .isEqualTo(new TreeMap<>(Map.of(0, 12L, 1, 12L)));
            TrainingStep last = stream.trainingSteps().getLast();
            assertThat(last.getPolicyVersion()).isEqualTo(2);
            assertThat(last.getReferenceVersion()).isZero();
            assertThat(last.getScorerVersions()).containsExactly(0L);
            assertThat(last.getRecords()).isEqualTo(8);
            assertThat(stream.folder(versions.get(1)).resolve("trainer")).doesNotExist();
            assertThat(stream.folder(versions.get(2)).resolve("trainer")).isNotEmptyDirectory();
            assertThat(stream.folder(versions.get(3)).resolve("trainer")).isNotEmptyDirectory();
            ppo(stream, 3).run();
            assertThat(stream.checkpoints(CheckpointRole.POLICY)).hasSize(4);
        }
    }

    @Test
    void aTrainerFencedInTheMiddleNamesItsSuccessorAndTheSuccessorEndsWithTheSameDigest()
            throws Exception {
        String undisturbed;
        try (TestStream stream = stream("ppo-alone")) {
            stream.announceFirstModels();
            stream.produceGroups(0, 24);
            ppo(stream, 5).run();
            undisturbed = stream.checkpoints(CheckpointRole.POLICY).getLast().getDigest();
        }
        try (TestStream stream = stream("ppo-fenced")) {
            stream.announceFirstModels();
            stream.produceGroups(0, 8); // two steps, then it waits for more
            AtomicReference<@Nullable Throwable> end = new AtomicReference<>();
            PpoTrainer older = ppo(stream, 5, Pace.deterministic());
            Thread thread = Thread.ofPlatform().start(() -> end.set(failureOf(older)));
            await(stream, CheckpointRole.POLICY, 2);
            try (Producer<byte[], byte[]> rival = rival(stream)) {
                rival.initTransactions();
            }
            stream.produceGroups(8, 24);
            thread.join(Duration.ofSeconds(30));
            assertThat(end.get())
                    .isInstanceOf(FencedTrainerException.class)
                    .hasMessageContaining("published by a newer trainer")
                    .hasMessageContaining("generation 0");
            assertThat(stream.checkpoints(CheckpointRole.POLICY)).hasSize(3);
            ppo(stream, 5).run();
            List<Checkpoint> versions = stream.checkpoints(CheckpointRole.POLICY);
            assertThat(versions.getLast().getDigest()).isEqualTo(undisturbed);
            assertThat(versions).extracting(Checkpoint::getGeneration).endsWith(0, 0, 1, 1, 1);
            assertThat(stream.trainingSteps())
                    .extracting(TrainingStep::getStep)
                    .containsExactly(1L, 2L, 3L, 4L, 5L);
        }
    }

    @Test
    void aTrainerWhoseParentIsNoLongerTheHeadIsRefused() throws Exception {
        try (TestStream stream = stream("ppo-parent")) {
            stream.announceFirstModels();
            stream.produceGroups(0, 4);
            AtomicReference<@Nullable Throwable> end = new AtomicReference<>();
            PpoTrainer trainer = ppo(stream, 5, Pace.deterministic());
            Thread thread = Thread.ofPlatform().start(() -> end.set(failureOf(trainer)));
            await(stream, CheckpointRole.POLICY, 1);
            stream.announce(CheckpointRole.POLICY, 2, TinyModels.policy(8));
            stream.produceGroups(4, 8);
            thread.join(Duration.ofSeconds(30));
            assertThat(end.get())
                    .isInstanceOf(FencedTrainerException.class)
                    .hasMessageContaining("goes on from version 1")
                    .hasMessageContaining("version 2 was announced by run test-run");
        }
    }

    @Test
    void aTrainerKilledTwiceMakesTheVersionsOfAnUndisturbedOne() throws Exception {
        List<String> undisturbed;
        try (TestStream stream = stream("ppo-undisturbed")) {
            stream.announceFirstModels();
            stream.produceGroups(0, 32);
            ppo(stream, 8).run();
            undisturbed = digests(stream);
        }
        try (TestStream stream = stream("ppo-killed")) {
            stream.announceFirstModels();
            stream.produceGroups(0, 12); // three steps, then it waits for more
            for (int kill = 0; kill < 2; kill++) {
                try (PpoProcess process =
                        PpoProcess.start(stream, folder.resolve("ppo-killed"), 8)) {
                    await(stream, CheckpointRole.POLICY, 2 + 2 * kill);
                    assertThat(process.isAlive()).isTrue();
                    process.kill();
                }
                stream.produceGroups(12 + 10 * kill, 22 + 10 * kill);
            }
            ppo(stream, 8, Pace.deterministic()).run();
            assertThat(digests(stream)).isEqualTo(undisturbed);
            assertThat(stream.trainingSteps())
                    .extracting(TrainingStep::getStep)
                    .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
        }
    }

    private static List<String> digests(TestStream stream) {
        return stream.checkpoints(CheckpointRole.POLICY).stream()
                .map(Checkpoint::getDigest)
                .toList();
    }

    @Test
    void aTrainerAtWorkGoesOnFromAVersionThatAnOperatorAnnounces() throws Exception {
        try (TestStream stream = stream("ppo-rollback");
                PolicyDesk desk =
                        new PolicyDesk(
                                stream.connection,
                                stream.codecs,
                                stream.store,
                                TestEvents.POLICY,
                                CheckpointRole.POLICY)) {
            stream.announceFirstModels();
            stream.produceGroups(0, 12); // three steps, then it waits for more
            AtomicReference<@Nullable Throwable> end = new AtomicReference<>();
            PpoTrainer trainer = ppo(stream, 6, Pace.deterministic());
            Thread thread = Thread.ofPlatform().start(() -> end.set(failureOf(trainer)));
            await(stream, CheckpointRole.POLICY, 3);

            Checkpoint back = desk.rollback(1);
            assertThat(back.getVersion()).isEqualTo(4);
            assertThat(back.getRestores()).isEqualTo(1);
            assertThat(back.getParent()).isZero();
            assertThat(back.getAnnouncedBy()).isEqualTo("operator");
            List<Checkpoint> before = stream.checkpoints(CheckpointRole.POLICY);
            assertThat(back.getConsumed()).isEqualTo(before.get(3).getConsumed());
            assertThat(weights(stream, back)).isEqualTo(weights(stream, before.get(1)));
            assertThat(stream.folder(back).resolve("trainer")).doesNotExist(); // nor had version 1

            stream.produceGroups(12, 20);
            thread.join(Duration.ofSeconds(30));
            assertThat(end.get()).isNull();
            List<Checkpoint> versions = stream.checkpoints(CheckpointRole.POLICY);
            assertThat(versions)
                    .extracting(Checkpoint::getVersion)
                    .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L);
            assertThat(versions)
                    .extracting(Checkpoint::getParent)
                    .containsExactly(null, 0L, 1L, 2L, 0L, 4L, 5L);
            assertThat(versions).extracting(Checkpoint::getStep).endsWith(3L, 3L, 4L, 5L);
            assertThat(stream.folder(versions.getLast()).resolve("trainer"))
                    .isDirectoryContaining("glob:**/value-weights"); // begun anew
            assertThat(stream.committed("train-ppo", Topic.SCORED_ROLLOUTS))
                    .isEqualTo(positions(versions.getLast()))
                    .isEqualTo(new TreeMap<>(Map.of(0, 20L, 1, 20L)));
        }
    }

    @Test
    void aModelFromElsewhereBecomesTheNextVersionWhereTokenizerAndShapeFit() {
        try (TestStream stream = stream("ppo-published");
                Transformer model = TinyModels.policy(23);
                Transformer scorer = model.withScalarHead(1);
                PolicyDesk desk =
                        new PolicyDesk(
                                stream.connection,
                                stream.codecs,
                                stream.store,
                                TestEvents.POLICY,
                                CheckpointRole.POLICY)) {
            stream.announceFirstModels();
            Path fit = save(stream, model);
            Checkpoint published = desk.publish(fit, OptionalLong.of(0));
            assertThat(published.getVersion()).isEqualTo(1);
            assertThat(published.getParent()).isZero();
            assertThat(weights(stream, published)).isEqualTo(model.parameters().toFloatArray());

            assertThatThrownBy(() -> desk.publish(save(stream, scorer), OptionalLong.empty()))
                    .isInstanceOf(ModelFolderException.class)
                    .hasMessageContaining("language-model head");
            Path otherTokenizer = save(stream, model);
            Files.writeString(
                    otherTokenizer.resolve("tokenizer.json"),
                    Files.readString(otherTokenizer.resolve("tokenizer.json")) + " ");
            assertThatThrownBy(() -> desk.publish(otherTokenizer, OptionalLong.empty()))
                    .isInstanceOf(ModelFolderException.class)
                    .hasMessageContaining("another tokenizer than that of version 1");
            assertThatThrownBy(() -> desk.rollback(7))
                    .isInstanceOf(CheckpointRefusedException.class)
                    .hasMessageContaining("no version 7; the newest is 1");
            assertThat(stream.checkpoints(CheckpointRole.POLICY)).hasSize(2);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path save(TestStream stream, Transformer model) throws IOException {
        Path saved = Files.createTempDirectory(folder, "model");
        model.save(saved, stream.tokenizer, WeightFormat.FLOAT32);
        return saved;
    }

    private static float[] weights(TestStream stream, Checkpoint checkpoint) {
        try (Transformer model = Transformer.load(stream.folder(checkpoint))) {
            return model.parameters().toFloatArray();
        }
    }

    @Test
    void whatADamagedNewestVersionHadLearnedIsLearnedAgainFromTheOneBeforeIt() throws Exception {
        try (TestStream stream = stream("ppo-damaged")) {
            stream.announceFirstModels();
            stream.produceGroups(0, 16);
            ppo(stream, 2).run();
            Checkpoint second = stream.checkpoints(CheckpointRole.POLICY).getLast();
            float[] weights = weights(stream, second);
            Path optimizer = stream.folder(second).resolve("trainer/policy-optimizer");
            byte[] bytes = Files.readAllBytes(optimizer);
            bytes[bytes.length / 2] ^= 1;
            Files.write(optimizer, bytes);

            ppo(stream, 4).run();
            List<Checkpoint> versions = stream.checkpoints(CheckpointRole.POLICY);
            assertThat(versions)
                    .extracting(Checkpoint::getRestores)
                    .containsExactly(null, null, null, 1L, null);
            assertThat(versions)
                    .extracting(Checkpoint::getParent)
                    .containsExactly(null, 0L, 1L, 0L, 3L);
            assertThat(versions).extracting(Checkpoint::getStep).endsWith(1L, 2L, 1L, 2L);
            assertThat(versions.get(3).getConsumed()).isEqualTo(versions.get(1).getConsumed());
            assertThat(versions.get(4).getConsumed()).isEqualTo(second.getConsumed());
            assertThat(stream.committed("train-ppo", Topic.SCORED_ROLLOUTS))
                    .isEqualTo(positions(second));
            assertThat(weights).isEqualTo(weights(stream, versions.getLast()));
            assertThat(stream.folder(versions.get(3)).resolve("trainer/policy-optimizer")).exists();
            assertThat(stream.trainingSteps())
                    .extracting(TrainingStep::getStep)
                    .containsExactly(1L, 2L, 2L);
            assertThat(stream.trainingSteps())
                    .extracting(TrainingStep::getGeneration)
                    .containsExactly(0, 0, 2);
        }
    }

    @Test
    void versionsThatAreNoLongerKeptAreAnnouncedAndDeleted() {
        try (TestStream stream = stream("ppo-retention")) {
            stream.announceFirstModels();
            try (Transformer model = TinyModels.policy(8)) {
                for (long version = 1; version < 9; version++) {
                    stream.announce(CheckpointRole.POLICY, version, model);
                }
            }
            stream.produceGroups(0, 16, 8);
            ppo(stream, 12).run();
            List<Checkpoint> versions = stream.checkpoints(CheckpointRole.POLICY);
            assertThat(versions.get(10).getRetired()).isEmpty();
            assertThat(versions.get(11).getRetired()).containsExactly(1L);
            assertThat(versions.get(12).getRetired()).containsExactly(2L);
            for (Checkpoint version : versions) {
                if (List.of(1L, 2L).contains(version.getVersion())) {
                    assertThatThrownBy(() -> stream.folder(version))
                            .hasMessageContaining("was deleted, since retention");
                } else {
                    assertThat(stream.folder(version)).exists();
                }
            }
        }
    }

    @Test
    void badRecordsBecomeDeadLettersWithTheVersionThatPassesThem() {
        try (TestStream stream = stream("ppo-bad")) {
            stream.announceFirstModels();
            stream.produce(Topic.SCORED_ROLLOUTS, 0, new byte[] {1, 2, 3});
            stream.produce(
                    Topic.SCORED_ROLLOUTS,
                    1,
                    stream.codecs
                            .<ScoredRollout>codec(Topic.SCORED_ROLLOUTS)
                            .encode(
                                    TestEvents.scoredRollout(99, 0, 0, stream.tokenizer.digest())
                                            .setScore(null)
                                            .build()));
            assertThat(stream.deadLetters(Topic.SCORED_ROLLOUTS)).isEmpty();
            stream.produceGroups(0, 4);
            ppo(stream, 1).run();
            assertThat(stream.deadLetters(Topic.SCORED_ROLLOUTS))
                    .extracting(letter ->
                            new String(
                                    letter.headers().lastHeader(DeadLetters.CODE_HEADER).value(),
                                    StandardCharsets.UTF_8))
                    .containsExactlyInAnyOrder("UNREADABLE", "MISSING_SCORE");
            assertThat(stream.trainingSteps().getLast().getDropped())
                    .containsOnly(Map.entry("UNREADABLE", 1L), Map.entry("MISSING_SCORE", 1L));
        }
    }

    @Test
    void aClosedTrainerReturnsWithoutPublishingHalfAStep() throws Exception {
        try (TestStream stream = stream("ppo-closed")) {
            stream.announceFirstModels();
            stream.produceGroups(0, 3);
            PpoTrainer trainer = ppo(stream, 5, Pace.deterministic());
            AtomicReference<@Nullable Throwable> end = new AtomicReference<>();
            Thread thread = Thread.ofPlatform().start(() -> end.set(failureOf(trainer)));
            Thread.sleep(1000);
            trainer.close();
            thread.join(Duration.ofSeconds(20));
            assertThat(thread.isAlive()).isFalse();
            assertThat(end.get()).isNull();
            assertThat(stream.checkpoints(CheckpointRole.POLICY)).hasSize(1);
        }
    }

    @Test
    void aGroupCommittedElsewhereThanTheCheckpointSaysIsRefused() throws Exception {
        try (TestStream stream = stream("ppo-moved")) {
            stream.announceFirstModels();
            stream.produceGroups(0, 12);
            ppo(stream, 1).run();
            try (Admin admin = stream.connection.openAdmin()) {
                admin.alterConsumerGroupOffsets(
                                stream.connection.group("train-ppo"),
                                Map.of(
                                        new TopicPartition(
                                                stream.connection.name(Topic.SCORED_ROLLOUTS), 0),
                                        new OffsetAndMetadata(2)))
                        .all()
                        .get();
            }
            assertThatThrownBy(() -> ppo(stream, 2).run())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("its group has committed 2");
        }
    }

    private static @Nullable Throwable failureOf(PpoTrainer trainer) {
        try {
            trainer.run();
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    @Test
    void ppoLearnsFromAJudgesScoresWhereNoRewardModelIsEverAnnounced() throws Exception {
        try (TestStream stream = stream("direct")) {
            stream.announce(CheckpointRole.POLICY, 0, TinyModels.policy(7));
            stream.produceGroups(0, 8);
            Pace recorded = stream.recorded(Topic.SCORED_ROLLOUTS);
            ppo(stream, 2, recorded, PpoTrainer.ValueOrigin.REFERENCE_POLICY).run();
            assertThat(stream.checkpoints(CheckpointRole.POLICY))
                    .extracting(Checkpoint::getVersion)
                    .containsExactly(0L, 1L, 2L);
            assertThat(stream.checkpoints(CheckpointRole.REWARD_MODEL)).isEmpty();
        }
    }

    @Test
    void rlooGoesOnExactlyAfterAStopWithTheCoefficientItHadReached() throws Exception {
        KlController adaptive = new KlController.Adaptive(0.2, 0.5, 100);
        String undisturbed;
        try (TestStream stream = stream("rloo")) {
            stream.announceFirstModels();
            stream.produceGroups(0, 24);
            rloo(stream, adaptive, 3).run();
            List<Checkpoint> versions = stream.checkpoints(CheckpointRole.POLICY);
            undisturbed = versions.getLast().getDigest();
            assertThat(versions.getLast().getMetrics().get("objective/kl_coef")).isNotEqualTo(0.2);
            assertThat(stream.folder(versions.getLast()).resolve("trainer"))
                    .isDirectoryNotContaining("glob:**value*");
        }
        try (TestStream stream = stream("rloo-again")) {
            stream.announceFirstModels();
            stream.produceGroups(0, 24);
            rloo(stream, adaptive, 1).run();
            rloo(stream, adaptive, 3).run();
            assertThat(stream.checkpoints(CheckpointRole.POLICY).getLast().getDigest())
                    .isEqualTo(undisturbed);
        }
    }

    private static PpoTrainer rloo(TestStream stream, KlController kl, long lastVersion) {
        return new PpoTrainer(
                stream.workshop(),
                new PpoTrainer.Settings(
                        PpoTrainer.Algorithm.RLOO,
                        TestEvents.POLICY,
                        0,
                        TestEvents.SCORER,
                        PpoTrainer.ValueOrigin.REFERENCE_POLICY,
                        9,
                        4,
                        TestEvents.GROUP_SIZE,
                        1,
                        lastVersion,
                        8,
                        PpoVariants.kl(kl),
                        new LearningRateSchedule.Constant(0),
                        1,
                        stream.recorded(Topic.SCORED_ROLLOUTS)));
    }

    @Test
    void dpoPublishesPoliciesFromPreferencesAloneAndGoesOnExactlyAfterAStop() throws Exception {
        String undisturbed;
        try (TestStream stream = stream("dpo")) {
            stream.announce(CheckpointRole.POLICY, 0, TinyModels.policy(7));
            stream.producePreferences(0, 24);
            dpo(stream, 3).run();
            List<Checkpoint> versions = stream.checkpoints(CheckpointRole.POLICY);
            assertThat(versions).extracting(Checkpoint::getVersion).containsExactly(0L, 1L, 2L, 3L);
            assertThat(stream.committed("train-dpo", Topic.PREFERENCES))
                    .isEqualTo(positions(versions.getLast()))
                    .isEqualTo(new TreeMap<>(Map.of(0, 12L, 1, 12L)));
            assertThat(stream.checkpoints(CheckpointRole.REWARD_MODEL)).isEmpty();
            undisturbed = versions.getLast().getDigest();
        }
        try (TestStream stream = stream("dpo-again")) {
            stream.announce(CheckpointRole.POLICY, 0, TinyModels.policy(7));
            stream.producePreferences(0, 24);
            dpo(stream, 1).run();
            dpo(stream, 3).run();
            assertThat(stream.checkpoints(CheckpointRole.POLICY).getLast().getDigest())
                    .isEqualTo(undisturbed);
        }
    }

    private static DpoTrainer dpo(TestStream stream, long lastVersion) {
        return new DpoTrainer(
                stream.workshop(),
                new DpoTrainer.Settings(
                        TestEvents.POLICY,
                        0,
                        9,
                        8,
                        1,
                        lastVersion,
                        8,
                        DpoSettings.defaults(),
                        new LearningRateSchedule.Constant(0),
                        1,
                        stream.recorded(Topic.PREFERENCES)));
    }

    private static Producer<byte[], byte[]> rival(TestStream stream) {
        return stream.connection.openProducer(
                Map.of(
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        stream.connection.transactionalId(TestEvents.POLICY, "policy")));
    }

    private static void await(TestStream stream, CheckpointRole role, long version)
            throws InterruptedException {
        while (stream.checkpoints(role).size() <= version) {
            Thread.sleep(50);
        }
    }

    private static PpoTrainer ppo(TestStream stream, long lastVersion) {
        return ppo(stream, lastVersion, stream.recorded(Topic.SCORED_ROLLOUTS));
    }

    static PpoTrainer ppo(TestStream stream, long lastVersion, Pace pace) {
        return ppo(stream, lastVersion, pace, PpoTrainer.ValueOrigin.REWARD_MODEL);
    }

    private static PpoTrainer ppo(
            TestStream stream, long lastVersion, Pace pace, PpoTrainer.ValueOrigin valueOrigin) {
        return ppo(stream, 0, lastVersion, pace, valueOrigin);
    }

    private static PpoTrainer ppo(
            TestStream stream,
            long referenceVersion,
            long lastVersion,
            Pace pace,
            PpoTrainer.ValueOrigin valueOrigin) {
        return new PpoTrainer(
                stream.workshop(new Retention(1, 0, 0, "")),
                new PpoTrainer.Settings(
                        PpoTrainer.Algorithm.PPO,
                        TestEvents.POLICY,
                        referenceVersion,
                        TestEvents.SCORER,
                        valueOrigin,
                        9,
                        4,
                        TestEvents.GROUP_SIZE,
                        1,
                        lastVersion,
                        8,
                        PpoSettings.defaults(),
                        new LearningRateSchedule.Constant(0),
                        1,
                        pace));
    }

    private static SortedMap<Integer, Long> positions(Checkpoint checkpoint) {
        SortedMap<Integer, Long> positions = new TreeMap<>();
        for (OffsetRange range : checkpoint.getConsumed()) {
            positions.put(range.getPartition(), range.getTo());
        }
        return positions;
    }
}

package rlaif.trainers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.index.NDIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.events.TrainingStep;
import rlaif.models.LoraSettings;
import rlaif.models.LoraTarget;
import rlaif.models.ModelFolderException;
import rlaif.models.Transformer;
import rlaif.models.WeightFormat;
import rlaif.topics.Topic;
import rlaif.trainers.batching.MicroBatching;
import rlaif.trainers.loop.Pace;
import rlaif.trainers.loop.SecondPolicyException;

/// How policy 0 comes about: trained, adopted, fine-tuned, and trained on revisions.
@Timeout(240)
@ExtendWith(TestStreams.Shared.class)
@Execution(ExecutionMode.CONCURRENT)
class SftOnKafkaTest {
    @TempDir private Path folder;

    @Test
    void sftAnnouncesVersionZeroOnceAndTheSeedDecidesIt(TestStreams streams) {
        List<String> digests = new ArrayList<>();
        for (String prefix : List.of("sft-a", "sft-b")) {
            try (TestStream stream = streams.open(prefix)) {
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
    void anExistingModelIsAdoptedAsVersionZero(TestStreams streams) {
        try (TestStream stream = streams.open("adopt");
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
    void aModelWithWeightsThatAreNoNumbersIsRefusedAndLeavesNothingBehind(TestStreams streams)
            throws IOException {
        Path model = Files.createDirectories(folder.resolve("poisoned"));
        try (TestStream stream = streams.open("poisoned");
                Transformer policy = TinyModels.policy(11)) {
            policy.parameters().set(new NDIndex("7"), Float.NaN);
            policy.save(model, stream.tokenizer, WeightFormat.FLOAT32);
            for (PolicyOrigin origin :
                    List.of(
                            new PolicyOrigin.Adopted(model),
                            new PolicyOrigin.FineTuned(
                                    model, List.of(new Demonstration("w3", "w5"))::iterator))) {
                SftTrainer trainer =
                        new SftTrainer(
                                stream.workshop(),
                                origin,
                                SftTrainer.Settings.defaults(TestEvents.POLICY, 3),
                                (_, _, _) -> {});
                assertThatThrownBy(trainer::run)
                        .isInstanceOf(ModelFolderException.class)
                        .hasMessageContaining(model.toString())
                        .hasMessageContaining("model.embed_tokens.weight")
                        .hasMessageContaining("not finite");
            }
            assertThat(stream.checkpoints(CheckpointRole.POLICY)).isEmpty();
            sft(stream).run();
            assertThat(stream.checkpoints(CheckpointRole.POLICY)).hasSize(1);
        }
    }

    @Test
    void anExistingModelIsFineTunedByAdaptersAndGoesOnAfterAStop(TestStreams streams)
            throws IOException {
        Path model = Files.createDirectories(folder.resolve("to-be-tuned"));
        List<Checkpoint> announced = new ArrayList<>();
        for (int stopAt : List.of(0, 3)) {
            try (TestStream stream = streams.open("tuned-" + stopAt)) {
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
    private void fineTune(TestStream stream, Path model, long stopAt) {
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
    void sftOnRevisionsAnnouncesItsVersionsAndGoesOnExactlyAfterAStop(TestStreams streams)
            throws Exception {
        String undisturbed;
        try (TestStream stream = streams.open("revisions")) {
            stream.announceFirstModels();
            stream.produceRevisions(0, 30);
            revisions(stream, stream.recorded(Topic.REVISIONS)).run();
            List<Checkpoint> versions = stream.checkpoints(CheckpointRole.POLICY);
            assertThat(versions).extracting(Checkpoint::getVersion).containsExactly(0L, 1L, 2L, 3L);
            assertThat(versions).extracting(Checkpoint::getStep).endsWith(2L, 4L, 6L);
            assertThat(stream.committed("train-sft", Topic.REVISIONS))
                    .isEqualTo(TestStream.positions(versions.getLast()))
                    .isEqualTo(new TreeMap<>(Map.of(0, 12L, 1, 12L)));
            TrainingStep step = stream.trainingSteps().getLast();
            assertThat(step.getRecords()).isEqualTo(4);
            assertThat(step.getMetrics())
                    .containsEntry("examples/revised", 8.0)
                    .containsEntry("examples/helpful", 8.0);
            revisions(stream, stream.recorded(Topic.REVISIONS)).run(); // all is announced
            assertThat(shortage(stream, 24, 8)).isEmpty();
            assertThat(shortage(stream, 48, 16)) // three versions, too
                    .singleElement()
                    .asString()
                    .contains("slCai.revisions is 48", "ended with version 3 after 24 revisions")
                    .contains("reward-model version 0 follows that");
            assertThat(stream.checkpoints(CheckpointRole.POLICY)).hasSize(4);
            undisturbed = versions.getLast().getDigest();

            stream.produceGroups(0, 4);
            TestPpo.trainer(
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
        try (TestStream stream = streams.open("revisions-stopped")) {
            stream.announceFirstModels();
            stream.produceRevisions(0, 14); // one version and a step
            RevisionTrainer stopped = revisions(stream, Pace.deterministic());
            Thread thread = Thread.ofPlatform().start(stopped::run);
            stream.await(CheckpointRole.POLICY, 1);
            stopped.close();
            thread.join(Duration.ofSeconds(90));
            stream.produceRevisions(14, 30);
            revisions(stream, stream.recorded(Topic.REVISIONS)).run();
            assertThat(stream.checkpoints(CheckpointRole.POLICY).getLast().getDigest())
                    .isEqualTo(undisturbed);
            assertThat(stream.trainingSteps())
                    .extracting(TrainingStep::getStep)
                    .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        }
    }

    /// What a start says that finds SL-CAI ended.
    private static List<String> shortage(TestStream stream, long revisions, long perCheckpoint) {
        List<String> told = new ArrayList<>();
        new RevisionTrainer(
                        stream.workshop(),
                        Collections::emptyIterator,
                        new RevisionTrainer.Settings(
                                TestEvents.POLICY,
                                3,
                                4,
                                revisions,
                                perCheckpoint,
                                TrainedRounds.ALL,
                                0,
                                1e-2,
                                1,
                                stream.recorded(Topic.REVISIONS)),
                        new RevisionTrainer.Progress() {
                            @Override
                            public void stepped(long revisions, long all, double loss) {
                                throw new AssertionError("SL-CAI has ended");
                            }

                            @Override
                            public void hasEndedShort(String line) {
                                told.add(line);
                            }
                        })
                .run();
        return told;
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
}

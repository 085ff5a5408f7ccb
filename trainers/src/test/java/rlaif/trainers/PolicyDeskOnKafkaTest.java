package rlaif.trainers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.events.TrainingStep;
import rlaif.models.CheckpointRefusedException;
import rlaif.models.ModelFolderException;
import rlaif.models.Transformer;
import rlaif.models.WeightFormat;
import rlaif.topics.Topic;
import rlaif.trainers.loop.Pace;

/// Versions that an operator announces, or that take a damaged one's place, beside a trainer.
@Timeout(240)
@ExtendWith(TestStreams.Shared.class)
@Execution(ExecutionMode.CONCURRENT)
class PolicyDeskOnKafkaTest {
    @Test
    void aTrainerAtWorkGoesOnFromAVersionThatAnOperatorAnnounces(TestStreams streams)
            throws Exception {
        try (TestStream stream = streams.open("ppo-rollback");
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
            PpoTrainer trainer = TestPpo.trainer(stream, 6, Pace.deterministic());
            Thread thread = Thread.ofPlatform().start(() -> end.set(TestPpo.failureOf(trainer)));
            stream.await(CheckpointRole.POLICY, 3);

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
            thread.join(Duration.ofSeconds(90));
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
                    .isEqualTo(TestStream.positions(versions.getLast()))
                    .isEqualTo(new TreeMap<>(Map.of(0, 20L, 1, 20L)));
        }
    }

    @Test
    void aModelFromElsewhereBecomesTheNextVersionWhereTokenizerAndShapeFit(TestStreams streams) {
        try (TestStream stream = streams.open("ppo-published");
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
                    Files.readString(otherTokenizer.resolve("tokenizer.json"))
                            .replace("\"w5\"", "\"another\""));
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
        Path saved = Files.createTempDirectory(stream.folder, "model");
        model.save(saved, stream.tokenizer, WeightFormat.FLOAT32);
        return saved;
    }

    private static float[] weights(TestStream stream, Checkpoint checkpoint) {
        try (Transformer model = Transformer.load(stream.folder(checkpoint))) {
            return model.parameters().toFloatArray();
        }
    }

    @Test
    void whatADamagedNewestVersionHadLearnedIsLearnedAgainFromTheOneBeforeIt(TestStreams streams)
            throws Exception {
        try (TestStream stream = streams.open("ppo-damaged")) {
            stream.announceFirstModels();
            stream.produceGroups(0, 16);
            TestPpo.trainer(stream, 2).run();
            Checkpoint second = stream.checkpoints(CheckpointRole.POLICY).getLast();
            float[] weights = weights(stream, second);
            Path optimizer = stream.folder(second).resolve("trainer/policy-optimizer");
            byte[] bytes = Files.readAllBytes(optimizer);
            bytes[bytes.length / 2] ^= 1;
            Files.write(optimizer, bytes);

            TestPpo.trainer(stream, 4).run();
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
                    .isEqualTo(TestStream.positions(second));
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
}

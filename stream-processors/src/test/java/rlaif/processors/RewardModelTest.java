package rlaif.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.index.NDIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.events.Rollout;
import rlaif.models.CheckpointRefusedException;
import rlaif.models.CheckpointStore;
import rlaif.models.Head;
import rlaif.models.ModelShape;
import rlaif.models.TensorThread;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;

@SuppressWarnings("NullAway.Init") // set before each test
class RewardModelTest {
    private static final ModelShape SHAPE =
            new ModelShape(12, 16, 2, 2, 1, 8, 32, 24, 10_000, 1e-5, 1, 0);
    private static final String TOKENIZER =
            """
            {"version":"1.0","truncation":null,"padding":null,"added_tokens":[],
             "normalizer":null,"pre_tokenizer":{"type":"WhitespaceSplit"},
             "post_processor":null,"decoder":null,
             "model":{"type":"WordLevel","unk_token":"w3","vocab":{%s}}}
            """
                    .formatted(
                            String.join(
                                    ",",
                                    IntStream.range(0, 12)
                                            .mapToObj(i -> "\"w%d\":%d".formatted(i, i))
                                            .toList()));

    @TempDir private Path folder;
    private CheckpointStore store;
    private Tokenizer tokenizer;

    @BeforeEach
    void open() throws IOException {
        TensorThread.prepare(1);
        store = new CheckpointStore(folder.resolve("checkpoints"));
        Files.writeString(folder.resolve("tokenizer.json"), TOKENIZER);
        tokenizer = Tokenizer.load(folder);
    }

    @AfterEach
    void close() {
        tokenizer.close();
    }

    private Checkpoint announce(long version, Head head) {
        return announce(version, head, _ -> {});
    }

    private Checkpoint announce(long version, Head head, Consumer<Transformer> change) {
        try (Transformer model = Transformer.random(SHAPE, head, 100 + version)) {
            change.accept(model);
            var stored = store.save("reward-model", version, model, tokenizer, Map.of(), _ -> {});
            return Checkpoint.newBuilder()
                    .setPolicy("policy")
                    .setRole(CheckpointRole.REWARD_MODEL)
                    .setVersion(version)
                    .setUri(stored.uri())
                    .setDigest(stored.digest())
                    .setScoreMean(0.5)
                    .setScoreStandardDeviation(0.25)
                    .build();
        }
    }

    private static Rollout rollout(int... completionTokens) {
        Rollout rollout = TestRollouts.group(1, "a", "b").getFirst();
        rollout.setCompletionTokens(IntStream.of(completionTokens).boxed().toList());
        return rollout;
    }

    @Test
    void aScoreIsOfTheRolloutAloneWhateverItIsBatchedWith() {
        try (RewardModel model = RewardModel.load(store, announce(0, Head.SCALAR), 0)) {
            List<Rollout> rollouts = new ArrayList<>();
            for (int length = 1; length <= 100; length++) {
                int[] tokens = new int[1 + length % 15];
                for (int i = 0; i < tokens.length; i++) {
                    tokens[i] = (3 * length + 5 * i) % 12;
                }
                rollouts.add(rollout(tokens));
            }
            List<Double> together = model.rawScores(rollouts);
            assertThat(together).hasSize(100).doesNotContain(0.0);
            for (int i = 0; i < rollouts.size(); i++) {
                assertThat(model.rawScores(List.of(rollouts.get(i))).getFirst())
                        .isCloseTo(together.get(i), within(1e-5));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 40, 1000})
    void howManyTokensGoTogetherChangesNoScore(int maxTokens) {
        Checkpoint announced = announce(0, Head.SCALAR);
        List<Rollout> rollouts =
                IntStream.range(0, 20)
                        .mapToObj(i -> rollout(IntStream.rangeClosed(0, i % 7).toArray()))
                        .toList();
        try (RewardModel whole = RewardModel.load(store, announced, 0);
                RewardModel divided = RewardModel.load(store, announced, maxTokens)) {
            List<Double> scores = whole.rawScores(rollouts);
            List<Double> found = divided.rawScores(rollouts);
            for (int i = 0; i < scores.size(); i++) {
                assertThat(found.get(i)).isCloseTo(scores.get(i), within(1e-5));
            }
            assertThat(scores.get(1)).isNotCloseTo(scores.get(0), within(1e-3));
        }
    }

    @Test
    void scoresAreNormalisedByTheAnnouncement() {
        try (RewardModel model = RewardModel.load(store, announce(0, Head.SCALAR), 0)) {
            assertThat(model.normalised(1.0)).isEqualTo(2);
            assertThat(model.tokenizerDigest()).isEqualTo(tokenizer.digest());
        }
    }

    @Test
    void tokensThatItCannotTakeAreNamed() {
        try (RewardModel model = RewardModel.load(store, announce(0, Head.SCALAR), 0)) {
            assertThat(model.objection(rollout(5, 1))).isEmpty();
            assertThat(model.objection(rollout())).contains("prompt or completion has no tokens");
            assertThat(model.objection(rollout(5, 12)))
                    .contains("token id 12 lies outside the vocabulary of 12");
            Rollout tooLong = rollout(1);
            tooLong.setCompletionTokens(Collections.nCopies(21, 5));
            assertThat(model.objection(tooLong))
                    .contains("25 tokens are more than the reward model's 24 positions");
        }
    }

    @Test
    void anAnnouncementWithoutNormalisationOrScalarHeadIsRefused() {
        Checkpoint announced = announce(0, Head.SCALAR);
        announced.setScoreMean(null);
        assertThatThrownBy(() -> RewardModel.load(store, announced, 0))
                .hasMessageContaining("scoreMean null");
        Checkpoint languageModel = announce(1, Head.LANGUAGE_MODEL);
        assertThatThrownBy(() -> RewardModel.load(store, languageModel, 0))
                .hasMessageContaining("has no scalar head");
    }

    @Test
    void aNewAnnouncementIsUsedFromTheNextUse() {
        AtomicReference<Checkpoint> newest = new AtomicReference<>(announce(0, Head.SCALAR));
        List<Long> versions = new ArrayList<>();
        try (var models =
                new NewestRewardModel(() -> List.of(newest.get()), Duration.ZERO, store, 1, 0)) {
            models.use(scorer -> {
                newest.set(announce(1, Head.SCALAR));
                versions.add(scorer.version());
            });
            models.use(scorer -> versions.add(scorer.version()));
            models.use(scorer -> versions.add(scorer.version()));
        }
        assertThat(versions).containsExactly(0L, 1L, 1L);
    }

    @Test
    void weightsThatAreNoNumbersLeaveTheVersionBeforeScoring() {
        Checkpoint first = announce(0, Head.SCALAR);
        Checkpoint second =
                announce(
                        1,
                        Head.SCALAR,
                        model -> model.parameters().set(new NDIndex("3"), Float.NaN));
        List<Long> versions = new ArrayList<>();
        try (var models =
                new NewestRewardModel(() -> List.of(second, first), Duration.ZERO, store, 1, 0)) {
            models.use(scorer -> versions.add(scorer.version()));
        }
        assertThat(versions).containsExactly(0L);
        assertThatThrownBy(() -> RewardModel.load(store, second, 0))
                .isInstanceOf(CheckpointRefusedException.class)
                .hasMessageContaining("model.embed_tokens.weight");
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "model.safetensors", "tokenizer.json", "manifest.json"})
    void aDamagedNewestVersionLeavesTheOneBeforeItScoring(String name) throws IOException {
        Checkpoint first = announce(0, Head.SCALAR);
        Checkpoint second = announce(1, Head.SCALAR);
        Path file = folder.resolve("checkpoints").resolve(second.getUri()).resolve(name);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 0x10;
        Files.write(file, bytes);
        AtomicReference<List<Checkpoint>> announced = new AtomicReference<>(List.of(second, first));
        List<Long> versions = new ArrayList<>();
        try (var models = new NewestRewardModel(announced::get, Duration.ZERO, store, 1, 0)) {
            models.use(scorer -> versions.add(scorer.version()));
            models.use(scorer -> versions.add(scorer.version()));
            announced.set(List.of(announce(2, Head.SCALAR), second, first));
            models.use(scorer -> versions.add(scorer.version()));
        }
        assertThat(versions).containsExactly(0L, 0L, 2L);
    }
}

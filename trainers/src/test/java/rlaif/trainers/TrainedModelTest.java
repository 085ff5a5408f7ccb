package rlaif.trainers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.models.AdamW;
import rlaif.models.CheckpointStore;
import rlaif.models.Head;
import rlaif.models.LoraSettings;
import rlaif.models.LoraTarget;
import rlaif.models.SequenceBatch;
import rlaif.models.Transformer;
import rlaif.trainers.batching.MicroBatching;
import rlaif.trainers.sft.SftUpdate;
import rlaif.trainers.sft.SupervisedExample;

class TrainedModelTest extends FirstPolicyFixture {
    private static final AdamW.Settings ADAM = new AdamW.Settings(0.9, 0.95, 1e-8, 0, 1);
    private static final TrainedWeights EVERY = new TrainedWeights.Every();
    private static final TrainedWeights.Adapters ADAPTERS =
            new TrainedWeights.Adapters(new LoraSettings(2, 4, EnumSet.allOf(LoraTarget.class)));
    private static final List<SupervisedExample> EXAMPLES =
            List.of(new SupervisedExample(new int[] {2, 3}, new int[] {4, 5, TinyModels.END}));

    private CheckpointStore store;
    private Checkpoint first;

    @BeforeEach
    void findThePolicy() {
        store = policy.store();
        first = policy.announced();
    }

    @Test
    void adaptersAreStoredMergedAndByThemselves() {
        try (TrainedModel policy = TrainedModel.likeCheckpoint(store, first, ADAPTERS, 7)) {
            train(policy.model());
            Path stored = open(save(policy));
            assertThat(stored.resolve("adapter/adapter_config.json"))
                    .content()
                    .contains(first.getUri());
            try (Transformer merged = Transformer.load(stored);
                    Transformer expected = policy.model().copy();
                    Transformer base = Transformer.load(open(first));
                    Transformer adapted = base.adapted(stored.resolve("adapter"))) {
                assertThat(merged.parameters().toFloatArray())
                        .isEqualTo(expected.parameters().toFloatArray())
                        .isNotEqualTo(base.parameters().toFloatArray());
                assertThat(adapted.trained().toFloatArray())
                        .isEqualTo(policy.model().trained().toFloatArray());
            }
        }
    }

    @Test
    void resumedAdaptersStandBesideTheBaseTheyBeganWith() {
        try (TrainedModel policy = TrainedModel.likeCheckpoint(store, first, ADAPTERS, 7)) {
            train(policy.model());
            try (TrainedModel resumed = TrainedModel.resumed(store, save(policy), ADAPTERS)) {
                assertThat(resumed.model().trained().toFloatArray())
                        .isEqualTo(policy.model().trained().toFloatArray());
                assertThat(scores(resumed.base(first).orElseThrow()))
                        .isEqualTo(scores(policy.base(first).orElseThrow()));
                assertThat(scores(resumed.model())).isEqualTo(scores(policy.model()));
            }
        }
    }

    @Test
    void referenceAndValueModelOfTheSameCheckpointShareTheBase() {
        try (TrainedModel policy = TrainedModel.likeCheckpoint(store, first, ADAPTERS, 7);
                TrainedModel value = TrainedModel.valueModel(store, first, ADAPTERS, 8, policy)) {
            Transformer reference = policy.base(first).orElseThrow();
            assertThat(policy.model().parameters()).isSameAs(reference.parameters());
            assertThat(value.model().parameters()).isSameAs(reference.parameters());
            assertThat(value.model().head()).isEqualTo(Head.SCALAR);
            float[] before = scores(reference);
            train(policy.model());
            assertThat(scores(reference)).isEqualTo(before);
            assertThat(scores(policy.model())).isNotEqualTo(before);
        }
    }

    @Test
    void valueModelOfAnotherCheckpointHasABaseOfItsOwn() {
        try (TrainedModel policy = TrainedModel.likeCheckpoint(store, first, ADAPTERS, 7)) {
            train(policy.model());
            Checkpoint other = save(policy);
            assertThat(policy.base(other)).isEmpty();
            try (TrainedModel value = TrainedModel.valueModel(store, other, ADAPTERS, 8, policy)) {
                assertThat(value.model().parameters().toFloatArray())
                        .isNotEqualTo(policy.model().parameters().toFloatArray());
            }
        }
    }

    @Test
    void rewardModelWithAdaptersBeginsAsTheOneWithout() {
        try (TrainedModel adapted = TrainedModel.rewardModel(store, first, ADAPTERS, 9);
                TrainedModel whole = TrainedModel.rewardModel(store, first, EVERY, 9)) {
            assertThat(scores(adapted.model())).isEqualTo(scores(whole.model()));
            assertThat(adapted.model().trained().size()).isLessThan(whole.model().trained().size());
        }
    }

    @Test
    void resumeUnderOtherLoraSettingsIsRefusedWithTheWayOut() {
        try (TrainedModel adapted = TrainedModel.likeCheckpoint(store, first, ADAPTERS, 7);
                TrainedModel whole = TrainedModel.likeCheckpoint(store, first, EVERY, 7)) {
            Checkpoint withAdapters = save(adapted);
            Checkpoint without = save(whole);
            TrainedWeights other =
                    new TrainedWeights.Adapters(
                            new LoraSettings(3, 4, EnumSet.of(LoraTarget.Q_PROJ)));
            assertThatThrownBy(() -> TrainedModel.resumed(store, withAdapters, EVERY))
                    .hasMessageContaining("was trained on adapters")
                    .hasMessageContaining("lora.rank");
            assertThatThrownBy(() -> TrainedModel.resumed(store, withAdapters, other))
                    .hasMessageContaining("rank 2");
            assertThatThrownBy(() -> TrainedModel.resumed(store, without, ADAPTERS))
                    .hasMessageContaining("was trained on every weight");
        }
    }

    @Test
    void onlyWhatIsNotTheDefaultIsAFact() {
        Map<String, Object> facts = Map.of("seed", 1L);
        assertThat(Footprint.whole().facts(facts)).isEqualTo(facts);
        assertThat(new Footprint(ADAPTERS, new MicroBatching(2048)).facts(facts))
                .containsEntry("microBatchTokens", 2048)
                .containsEntry("lora", ADAPTERS.shape().toString());
    }

    private static void train(Transformer model) {
        try (AdamW optimizer = new AdamW(model, ADAM)) {
            SftUpdate update = new SftUpdate(model, optimizer);
            for (int step = 0; step < 5; step++) {
                update.update(EXAMPLES, 1e-2);
            }
        }
    }

    private Checkpoint save(TrainedModel trained) {
        return announced(
                1,
                store.save(
                        "policy",
                        1,
                        trained.model(),
                        policy.tokenizer(),
                        trained.facts(Map.of("seed", 7)),
                        trained::save));
    }

    private Path open(Checkpoint checkpoint) {
        return store.open(checkpoint.getUri(), checkpoint.getDigest());
    }

    private static Checkpoint announced(long version, CheckpointStore.Stored stored) {
        Checkpoint checkpoint = new Checkpoint();
        checkpoint.setUri(stored.uri());
        checkpoint.setDigest(stored.digest());
        return FirstPolicy.named(checkpoint, CheckpointRole.POLICY, version);
    }

    private static float[] scores(Transformer model) {
        SequenceBatch batch =
                new SequenceBatch(
                        List.of(new int[] {2, 3, 4}), List.of(new int[] {5, 6}), TinyModels.PAD);
        try (NDManager step = model.manager().newSubManager()) {
            return switch (model.head()) {
                case LANGUAGE_MODEL -> model.logits(step, batch).toFloatArray();
                case SCALAR -> model.scalars(step, batch).toFloatArray();
            };
        }
    }
}

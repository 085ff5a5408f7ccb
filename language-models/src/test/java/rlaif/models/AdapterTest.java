package rlaif.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdapterTest {

    private static final AdamW.Settings ADAM = new AdamW.Settings(0.9, 0.999, 1e-5, 0.01, 1);
    private static final LoraSettings EVERY_MATRIX =
            new LoraSettings(4, 8, EnumSet.allOf(LoraTarget.class));

    @TempDir Path folder;

    @BeforeEach
    void prepare() {
        TensorThread.prepare(1);
    }

    @Test
    void newAdapterChangesNothing() {
        try (Transformer base = Transformer.load(Golden.languageModel());
                Transformer adapted = base.adapted(EVERY_MATRIX, 5)) {
            assertThat(logits(adapted)).isEqualTo(logits(base));
            assertThat(adapted.copy().parameters().toFloatArray())
                    .isEqualTo(base.parameters().toFloatArray());
        }
    }

    @Test
    void trainingMovesTheAdapterAndLeavesTheBase() {
        try (Transformer base = Transformer.load(Golden.languageModel());
                Transformer adapted = base.adapted(EVERY_MATRIX, 5);
                AdamW optimizer = new AdamW(adapted, ADAM)) {
            float[] before = base.parameters().toFloatArray();
            float[] baseLogits = logits(base);
            List<Double> losses = train(adapted, optimizer, 60);
            assertThat(losses.getLast()).isLessThan(losses.getFirst() / 2);
            assertThat(base.parameters().toFloatArray()).isEqualTo(before);
            assertThat(base.parameters().hasGradient()).isFalse();
            assertThat(logits(base)).isEqualTo(baseLogits);
            assertThat(logits(adapted)).isNotEqualTo(baseLogits);
        }
    }

    @Test
    void optimizerHoldsMomentsOfTheAdapterAlone() throws IOException {
        Path state = folder.resolve("optimizer");
        try (Transformer base = Transformer.load(Golden.languageModel());
                Transformer adapted =
                        base.adapted(new LoraSettings(1, 1, EnumSet.of(LoraTarget.V_PROJ)), 5);
                AdamW optimizer = new AdamW(adapted, ADAM)) {
            train(adapted, optimizer, 1);
            optimizer.save(state);
            ModelShape shape = base.shape();
            int inputs = shape.width();
            int outputs = shape.keyValueHeads() * shape.headWidth();
            long trained = (long) shape.layers() * (inputs + outputs);
            assertThat(adapted.trained().size()).isEqualTo(trained);
            try (Safetensors moments = Safetensors.open(state)) {
                assertThat(moments.size("first_moment")).isEqualTo(trained);
            }
        }
    }

    @Test
    void resumesFromAdapterAndOptimizerAsIfItHadNotStopped() {
        Path state = folder.resolve("optimizer");
        try (Transformer base = Transformer.load(Golden.languageModel());
                Transformer adapted = base.adapted(EVERY_MATRIX, 5);
                AdamW optimizer = new AdamW(adapted, ADAM)) {
            train(adapted, optimizer, 7);
            optimizer.save(state);
            adapted.saveAdapter(folder, "somewhere");
            try (Transformer again = Transformer.load(Golden.languageModel());
                    Transformer resumedModel = again.adapted(folder);
                    AdamW resumed = new AdamW(resumedModel, ADAM)) {
                resumed.load(state);
                train(resumedModel, resumed, 5);
                train(adapted, optimizer, 5);
                assertThat(resumedModel.trained().toFloatArray())
                        .isEqualTo(adapted.trained().toFloatArray());
            }
        }
    }

    @Test
    void adapterNamesTheWeightsOfItsBaseHoweverTheyAreKept() {
        Path half = folder.resolve("half");
        Path kept = folder.resolve("adapter");
        assertThat(half.toFile().mkdir() && kept.toFile().mkdir()).isTrue();
        try (Transformer golden = Transformer.load(Golden.languageModel());
                Tokenizer tokenizer = Tokenizer.load(Golden.tokenizer())) {
            golden.save(half, tokenizer, WeightFormat.of(WeightType.BFLOAT16));
        }
        try (Transformer rounded = Transformer.load(half);
                Transformer adapted = rounded.adapted(EVERY_MATRIX, 5);
                Transformer other = Transformer.load(Golden.languageModel());
                Tokenizer tokenizer = Tokenizer.load(Golden.tokenizer())) {
            adapted.saveAdapter(kept, "half");
            Path whole = folder.resolve("whole");
            assertThat(whole.toFile().mkdir()).isTrue();
            rounded.save(whole, tokenizer, WeightFormat.FLOAT32);
            try (Transformer same = Transformer.load(whole);
                    Transformer taken = same.adapted(kept)) {
                assertThat(taken.trained().toFloatArray())
                        .isEqualTo(adapted.trained().toFloatArray());
            }
            assertThatThrownBy(() -> other.adapted(kept))
                    .isInstanceOf(ModelFolderException.class)
                    .hasMessageContaining("whose weights are others");
        }
    }

    @Test
    void mergedFolderIsAnOrdinaryModelWithTheSameLogits() {
        try (Transformer base = Transformer.load(Golden.languageModel());
                Transformer adapted = base.adapted(EVERY_MATRIX, 5);
                AdamW optimizer = new AdamW(adapted, ADAM);
                Tokenizer tokenizer = Tokenizer.load(Golden.tokenizer())) {
            train(adapted, optimizer, 20);
            adapted.save(folder, tokenizer, WeightFormat.FLOAT32);
            try (Transformer merged = Transformer.load(folder)) {
                assertThat(merged.parameters().toFloatArray())
                        .isEqualTo(adapted.copy().parameters().toFloatArray());
                float[] logits = logits(adapted);
                assertThat(Golden.relativeError(logits(merged), logits)).isLessThan(1e-6);
            }
        }
    }

    @Test
    void scalarHeadOfTheBaseIsTheAdaptersStart() {
        try (Transformer base = Transformer.load(Golden.scalarModel());
                Transformer adapted = base.adapted(EVERY_MATRIX, 5);
                NDManager step = base.manager().newSubManager()) {
            assertThat(adapted.scalars(step, Golden.batch()).toFloatArray())
                    .isEqualTo(base.scalars(step, Golden.batch()).toFloatArray());
        }
    }

    @Test
    void scalarModelsShareTheTrunkOfALanguageModel() {
        try (Transformer base = Transformer.load(Golden.languageModel());
                Transformer drawn = base.withScalarHead(7);
                Transformer adapted = base.adaptedWithScalarHead(EVERY_MATRIX, 7);
                Transformer zero = base.adaptedWithZeroScalarHead(EVERY_MATRIX, 7);
                NDManager step = base.manager().newSubManager()) {
            assertThat(adapted.parameters()).isSameAs(base.parameters());
            assertThat(adapted.scalars(step, Golden.batch()).toFloatArray())
                    .isEqualTo(drawn.scalars(step, Golden.batch()).toFloatArray());
            assertThat(zero.scalars(step, Golden.batch()).toFloatArray()).containsOnly(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"smollm2", "qwen3-untied"}) // tied and untied
    void adapterOfALanguageModelIsRefusedBesideARewardModel(String layout) {
        try (Transformer base = Transformer.load(ModelLayout.of(layout).folder());
                Transformer adapted = base.adapted(EVERY_MATRIX, 5);
                Transformer rewardModel = base.withScalarHead(3)) {
            adapted.saveAdapter(folder, "base");
            assertThatThrownBy(() -> rewardModel.adapted(folder))
                    .isInstanceOf(ModelFolderException.class)
                    .hasMessageContaining("adapter_config.json")
                    .hasMessageContaining("the base is a reward model");
        }
    }

    @Test
    void adapterWithoutABiasOfItsScoreIsWrittenAsPeftWritesIt() {
        try (Transformer base = Transformer.load(Golden.languageModel());
                Transformer adapted = base.adaptedWithScalarHead(EVERY_MATRIX, 7)) {
            adapted.saveAdapter(folder, "base");
            try (Safetensors written =
                    Safetensors.open(folder.resolve("adapter_model.safetensors"))) {
                assertThat(written.names())
                        .contains("base_model.model.score.weight")
                        .doesNotContain("base_model.model.score.bias");
            }
            JsonNode config = JsonFile.read(folder.resolve("adapter_config.json"), 10_000);
            assertThat(config.get("modules_to_save").toString())
                    .isEqualTo("[\"classifier\",\"score\"]");
            try (Transformer read = base.adapted(folder)) {
                assertThat(read.trained().toFloatArray())
                        .isEqualTo(adapted.trained().toFloatArray());
            }
        }
    }

    @Test
    void adaptersAreNotStacked() {
        try (Transformer base = Transformer.load(Golden.languageModel());
                Transformer adapted = base.adapted(EVERY_MATRIX, 5)) {
            assertThatThrownBy(() -> adapted.adapted(EVERY_MATRIX, 6))
                    .hasMessageContaining("adapted already");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "use_dora" : false|"use_dora" : true|use_dora
                    "peft_type" : "LORA"|"peft_type" : "IA3"|peft_type
                    "use_dora" : false|"alora_invocation_tokens" : [5, 6]|alora_invocation_tokens
                    "use_dora" : false|"use_qalora" : true|use_qalora
                    "use_dora" : false|"kasa_config" : {"beta" : 1.0}|kasa_config
                    "use_dora" : false|"some_newer_way" : "yes"|some_newer_way
                    "use_dora" : false|"init_lora_weights" : "pissa_niter_4"|path_initial_model_for_weight_conversion
                    "bias" : "none"|"bias" : "all"|bias
                    "modules_to_save" : null|"modules_to_save" : ["lm_head"]|modules_to_save
                    "task_type" : "CAUSAL_LM"|"task_type" : "SEQ_2_SEQ_LM"|task_type
                    "q_proj"|"c_attn"|target_modules
                    "r" : 4|"r" : "four"|key r
                    "r" : 4|"r" : 3|misshapen: base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight is [4,
                    "down_proj" ]|"up_proj" ]|unexpected: base_model.model.model.layers.0.mlp.down_proj.lora_A.weight
                    """)
    void adapterThatWouldComputeSomethingElseIsRefusedByName(
            String written, String changed, String named) throws IOException {
        try (Transformer base = Transformer.load(Golden.languageModel());
                Transformer adapted = base.adapted(EVERY_MATRIX, 5)) {
            adapted.saveAdapter(folder, "somewhere");
            Path config = folder.resolve("adapter_config.json");
            String json =
                    Files.readString(config).replace("\"bias\"", "\"use_dora\" : false, \"bias\"");
            assertThat(json).contains(written);
            Files.writeString(config, json.replace(written, changed));
            assertThatThrownBy(() -> base.adapted(folder))
                    .isInstanceOf(ModelFolderException.class)
                    .hasMessageContaining("adapter_")
                    .hasMessageContaining(named);
        }
    }

    @Test
    void keysThatChangeNothingOfWhatIsComputedAreTaken() throws IOException {
        try (Transformer base = Transformer.load(Golden.languageModel());
                Transformer adapted = base.adapted(EVERY_MATRIX, 5)) {
            adapted.saveAdapter(folder, "somewhere");
            Path config = folder.resolve("adapter_config.json");
            String json =
                    Files.readString(config)
                            .replace(
                                    "\"bias\"",
                                    """
                                    "use_dora" : false, "alora_invocation_tokens" : null,
                                    "use_bdlora" : null, "use_qalora" : false,
                                    "qalora_group_size" : 16, "loftq_config" : {},
                                    "some_newer_way" : false, "another" : "", "others" : [],
                                    "megatron_core" : "megatron.core", "peft_version" : "0.21.0",
                                    "init_lora_weights" : "gaussian", "bias\"\
                                    """);
            Files.writeString(config, json);
            try (Transformer taken = base.adapted(folder)) {
                assertThat(taken.lora()).isEqualTo(adapted.lora());
            }
        }
    }

    @Test
    void fullPathsOfModulesMeanTheKindsThatTheyNameInEveryLayer() throws IOException {
        LoraSettings two =
                new LoraSettings(2, 4, EnumSet.of(LoraTarget.Q_PROJ, LoraTarget.UP_PROJ));
        try (Transformer base = Transformer.load(Golden.languageModel());
                Transformer adapted = base.adapted(two, 5)) {
            adapted.saveAdapter(folder, "somewhere");
            List<String> paths =
                    IntStream.range(0, base.shape().layers())
                            .boxed()
                            .flatMap(layer ->
                                    Stream.of("self_attn.q_proj", "mlp.up_proj")
                                            .map(path -> "model.layers." + layer + "." + path))
                            .toList();
            nameTargets(paths);
            try (Transformer again = base.adapted(folder)) {
                assertThat(again.lora()).contains(two);
                assertThat(logits(again)).isEqualTo(logits(adapted));
            }
            nameTargets(List.of("q_proj", paths.get(1), paths.getLast()));
            try (Transformer again = base.adapted(folder)) {
                assertThat(again.lora()).contains(two);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    model.layers.0.mlp.up_proj|model.layers.1.mlp.up_proj lacks
                    model.layers.1.mlp.up_proj|model.layers.0.mlp.up_proj lacks
                    model.layers.7.mlp.up_proj|'model.layers.7.mlp.up_proj' is none of the base's 2 layers
                    model.layers.0.self_attn.up_proj|is none of the base's
                    model.layers.0.up_proj|is none of the base's
                    transformer.h.0.mlp.up_proj|is none of the base's
                    """,
            quoteCharacter = '"')
    void pathsOfSomeLayersAloneAreRefusedByTheFirstThatLacks(String path, String named)
            throws IOException {
        try (Transformer base = Transformer.load(Golden.languageModel());
                Transformer adapted = base.adapted(EVERY_MATRIX, 5)) {
            adapted.saveAdapter(folder, "somewhere");
            nameTargets(List.of("q_proj", path));
            assertThatThrownBy(() -> base.adapted(folder))
                    .isInstanceOf(ModelFolderException.class)
                    .hasMessageContaining("target_modules")
                    .hasMessageContaining(named);
        }
    }

    private void nameTargets(List<String> names) throws IOException {
        Path config = folder.resolve("adapter_config.json");
        ObjectNode json = JsonFile.read(config, 100_000);
        ArrayNode targets = json.putArray("target_modules");
        names.forEach(targets::add);
        JsonFile.write(config, json);
    }

    @Test
    void whatIsTrainedComesBackFromItsFileBitForBit() throws IOException {
        Path file = folder.resolve("trained");
        try (Transformer base = Transformer.load(Golden.languageModel());
                Transformer adapted = base.adapted(EVERY_MATRIX, 5);
                Transformer other = base.adapted(EVERY_MATRIX, 6)) {
            adapted.saveTrained(file);
            assertThat(other.trained().toFloatArray())
                    .isNotEqualTo(adapted.trained().toFloatArray());
            other.loadTrained(file);
            assertThat(other.trained().toFloatArray()).isEqualTo(adapted.trained().toFloatArray());
            assertThat(Files.size(file)).isEqualTo(4 * adapted.trained().size());
            assertThatThrownBy(() -> base.loadTrained(file))
                    .isInstanceOf(ModelFolderException.class)
                    .hasMessageContaining("what the model trains takes");
        }
    }

    @Test
    void folderOfAnAdapterAloneIsNoModel() {
        try (Transformer base = Transformer.load(Golden.languageModel());
                Transformer adapted = base.adapted(EVERY_MATRIX, 5)) {
            adapted.saveAdapter(folder, "somewhere");
        }
        assertThatThrownBy(() -> Transformer.load(folder))
                .isInstanceOf(ModelFolderException.class)
                .hasMessageContaining("adapter_config.json")
                .hasMessageContaining("rlaif merge");
    }

    @Test
    void settingsOutOfRangeAreRefusedWithTheValue() {
        assertThatThrownBy(() -> new LoraSettings(0, 1, EnumSet.of(LoraTarget.Q_PROJ)))
                .hasMessageContaining("rank is 0");
        assertThatThrownBy(() -> new LoraSettings(1, 0, EnumSet.of(LoraTarget.Q_PROJ)))
                .hasMessageContaining("alpha is 0.0");
        assertThatThrownBy(() -> new LoraSettings(1, 1, EnumSet.noneOf(LoraTarget.class)))
                .hasMessageContaining("targets are empty");
    }

    private static float[] logits(Transformer model) {
        try (NDManager step = model.manager().newSubManager()) {
            return model.logits(step, Golden.batch().tokens(step)).toFloatArray();
        }
    }

    private static List<Double> train(Transformer model, AdamW optimizer, int updates) {
        return IntStream.range(0, updates)
                .mapToObj(_ ->
                        optimizer
                                .step(
                                        1e-2,
                                        step ->
                                                Golden.languageModelLoss(
                                                        model, step, Golden.batch(), 1))
                                .loss())
                .toList();
    }
}

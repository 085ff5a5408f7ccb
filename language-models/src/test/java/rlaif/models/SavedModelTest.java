package rlaif.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What `Transformer.save` writes: bit for bit what was loaded, under the names Transformers knows.
class SavedModelTest {

    /// Parameters of one decoder layer of `LlamaForCausalLM`, below `model.layers.N.`.
    private static final List<String> LAYER =
            List.of(
                    "input_layernorm.weight",
                    "mlp.down_proj.weight",
                    "mlp.gate_proj.weight",
                    "mlp.up_proj.weight",
                    "post_attention_layernorm.weight",
                    "self_attn.k_proj.weight",
                    "self_attn.o_proj.weight",
                    "self_attn.q_proj.weight",
                    "self_attn.v_proj.weight");

    private static final List<String> ATTENTION_BIASES =
            List.of("self_attn.q_proj.bias", "self_attn.k_proj.bias", "self_attn.v_proj.bias");

    private static final List<String> COMMON_KEYS =
            List.of(
                    "architectures",
                    "model_type",
                    "vocab_size",
                    "hidden_size",
                    "num_hidden_layers",
                    "num_attention_heads",
                    "num_key_value_heads",
                    "head_dim",
                    "intermediate_size",
                    "max_position_embeddings",
                    "rope_theta",
                    "rms_norm_eps",
                    "hidden_act",
                    "tie_word_embeddings",
                    "eos_token_id",
                    "pad_token_id",
                    "torch_dtype");

    @TempDir Path folder;

    private Tokenizer tokenizer;

    @BeforeEach
    void open() {
        TensorThread.prepare(1);
        tokenizer = Tokenizer.load(Golden.tokenizer());
    }

    @AfterEach
    void close() {
        tokenizer.close();
    }

    static List<ModelLayout> layouts() {
        return ModelLayout.all();
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void aModelComesBackBitForBit(ModelLayout layout) {
        for (WeightFormat format :
                List.of(
                        WeightFormat.FLOAT32,
                        WeightFormat.of(layout.type()),
                        new WeightFormat(layout.type(), 3_000))) {
            try (Transformer model = Transformer.load(layout.folder());
                    Transformer read = Transformer.load(saved(model, format))) {
                assertThat(read.shape()).isEqualTo(model.shape());
                assertThat(read.head()).isEqualTo(model.head());
                assertThat(read.parameters().toFloatArray())
                        .isEqualTo(model.parameters().toFloatArray());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void theTensorsAreTheOnesTheFamilyHas(ModelLayout layout) {
        Set<String> names = new TreeSet<>(tensorNames(layout.folder()));
        try (Transformer model = Transformer.load(layout.folder())) {
            assertThat(tensorNames(saved(model, WeightFormat.FLOAT32))).isEqualTo(names);
        }
        List<String> layer = new ArrayList<>(LAYER);
        boolean tied = true;
        switch (layout.name()) {
            case "llama3", "smollm2" -> {}
            case "llama3-untied" -> tied = false;
            case "llama-linear-biased" -> {
                tied = false;
                layer.addAll(ATTENTION_BIASES);
                layer.addAll(
                        List.of(
                                "self_attn.o_proj.bias",
                                "mlp.gate_proj.bias",
                                "mlp.up_proj.bias",
                                "mlp.down_proj.bias"));
            }
            case "qwen2" -> layer.addAll(ATTENTION_BIASES);
            case "qwen2-untied" -> {
                tied = false;
                layer.addAll(ATTENTION_BIASES);
            }
            case "qwen3" ->
                    layer.addAll(List.of("self_attn.q_norm.weight", "self_attn.k_norm.weight"));
            case "qwen3-untied" -> {
                tied = false;
                layer.addAll(List.of("self_attn.q_norm.weight", "self_attn.k_norm.weight"));
                layer.addAll(ATTENTION_BIASES);
                layer.add("self_attn.o_proj.bias");
            }
            default -> throw new AssertionError(layout.name());
        }
        Set<String> expected =
                new TreeSet<>(List.of("model.embed_tokens.weight", "model.norm.weight"));
        for (int i = 0; i < 2; i++) {
            String prefix = "model.layers." + i + ".";
            layer.forEach(name -> expected.add(prefix + name));
        }
        if (!tied) {
            expected.add("lm_head.weight");
        }
        assertThat(names).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void theKeysAreTheOnesTheFamilyHas(ModelLayout layout) {
        List<String> expected = new ArrayList<>(COMMON_KEYS);
        switch (layout.name()) {
            case "llama3", "llama-linear-biased" ->
                    expected.addAll(List.of("attention_bias", "mlp_bias", "rope_scaling"));
            case "llama3-untied", "smollm2" ->
                    expected.addAll(List.of("attention_bias", "mlp_bias"));
            case "qwen2", "qwen2-untied" -> expected.add("use_sliding_window");
            case "qwen3", "qwen3-untied" ->
                    expected.addAll(List.of("attention_bias", "use_sliding_window"));
            default -> throw new AssertionError(layout.name());
        }
        try (Transformer model = Transformer.load(layout.folder())) {
            ObjectNode config =
                    JsonFile.read(
                            saved(model, WeightFormat.FLOAT32).resolve("config.json"), 10_000);
            ObjectNode original = JsonFile.read(layout.folder().resolve("config.json"), 10_000);
            assertThat(config.properties().stream().map(Map.Entry::getKey))
                    .containsExactlyInAnyOrderElementsOf(expected);
            for (String same :
                    List.of(
                            "architectures",
                            "model_type",
                            "tie_word_embeddings",
                            "rope_theta",
                            "eos_token_id",
                            "hidden_size")) {
                assertThat(config.get(same)).as(same).isEqualTo(original.get(same));
            }
            if (original.hasNonNull("rope_scaling")) {
                assertThat(config.get("rope_scaling").get("factor"))
                        .isEqualTo(original.get("rope_scaling").get("factor"));
            }
            assertThat(config.get("torch_dtype").asText()).isEqualTo("float32");
        }
    }

    @Test
    void aRewardModelIsOneForTransformersToo() {
        try (Transformer policy = Transformer.load(ModelLayout.of("qwen3-untied").folder());
                Transformer model = policy.withScalarHead(3)) {
            Path written = saved(model, WeightFormat.FLOAT32);
            ObjectNode config = JsonFile.read(written.resolve("config.json"), 10_000);
            assertThat(config.at("/architectures/0").asText())
                    .isEqualTo("Qwen3ForSequenceClassification");
            assertThat(config.get("id2label")).hasSize(1);
            assertThat(tensorNames(written))
                    .contains("score.weight")
                    .doesNotContain("score.bias", "lm_head.weight");
            try (Transformer read = Transformer.load(written)) {
                assertThat(read.head()).isEqualTo(Head.SCALAR);
                assertThat(read.parameters().toFloatArray())
                        .isEqualTo(model.parameters().toFloatArray());
            }
        }
    }

    @Test
    void aBiasThatMovesScoresIsKept() {
        try (Transformer model = Transformer.load(Golden.scalarModel())) {
            Path written = saved(model, WeightFormat.FLOAT32);
            assertThat(tensorNames(written)).contains("score.bias");
            try (Transformer read = Transformer.load(written)) {
                assertThat(read.parameters().toFloatArray())
                        .isEqualTo(model.parameters().toFloatArray());
            }
        }
    }

    @Test
    void shardsAreFilledUpToTheirLimitAndIndexed() throws IOException {
        try (Transformer model = Transformer.load(Golden.languageModel())) {
            Path written = saved(model, new WeightFormat(WeightType.FLOAT32, 5_000));
            ObjectNode index =
                    JsonFile.read(written.resolve("model.safetensors.index.json"), 100_000);
            assertThat(written.resolve("model.safetensors")).doesNotExist();
            assertThat(index.at("/metadata/total_size").asLong())
                    .isEqualTo(4L * model.layout().size());
            Set<String> shards = new TreeSet<>();
            index.get("weight_map").forEach(shard -> shards.add(shard.asText()));
            assertThat(shards.size()).isBetween(4, 6);
            for (String shard : shards) {
                assertThat(Files.size(written.resolve(shard))).isLessThan(5_000 + 2_000);
                assertThat(shard).endsWith("-of-0000" + shards.size() + ".safetensors");
            }
        }
    }

    @Test
    void weightsAreRoundedToTheNearestEven() {
        try (Transformer model = Transformer.load(Golden.languageModel())) {
            float[] values = {
                0x1.01p0f, 0x1.03p0f, -3.140625f, Float.intBitsToFloat(0x17FFF), 0x1.010002p0f
            };
            float[] nearest = {1, 0x1.04p0f, -3.140625f, Float.intBitsToFloat(0x10000), 0x1.02p0f};
            set(model, values);
            try (Transformer read =
                    Transformer.load(saved(model, WeightFormat.of(WeightType.BFLOAT16)))) {
                assertThat(read.parameters().get(new NDIndex("0:5")).toFloatArray())
                        .containsExactly(nearest);
            }
            set(model, 0x1.002p0f, 0x1.006p0f, 65_519, -65_504, 6e-8f);
            try (Transformer read =
                    Transformer.load(saved(model, WeightFormat.of(WeightType.FLOAT16)))) {
                assertThat(read.parameters().get(new NDIndex("0:5")).toFloatArray())
                        .containsExactly(1, 0x1.008p0f, 65_504, -65_504, 0x1p-24f);
            }
        }
    }

    @Test
    void aWeightThatItsTypeCannotHoldIsRefusedByName() {
        try (Transformer model = Transformer.load(Golden.languageModel())) {
            set(model, 1, 70_000);
            assertThatThrownBy(() -> saved(model, WeightFormat.of(WeightType.FLOAT16)))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessageContaining("model.embed_tokens.weight: 70000.0")
                    .hasMessageContaining("float16");
            set(model, 1, Float.MAX_VALUE);
            assertThatThrownBy(() -> saved(model, WeightFormat.of(WeightType.BFLOAT16)))
                    .hasMessageContaining("bfloat16");
        }
    }

    @Test
    void whatStandsBesideTheTokenizerIsWrittenBackUnchanged() throws IOException {
        Path own = Files.createDirectory(folder.resolve("tokenizer"));
        Files.copy(tokenizer.file(), own.resolve("tokenizer.json"));
        String config = "{\n  \"bos_token\": \"<bos>\",   \"model_max_length\": 5, \"x\": [1,2]}";
        Files.writeString(own.resolve("tokenizer_config.json"), config);
        Files.writeString(own.resolve("special_tokens_map.json"), "{ \"eos_token\" : \"<eos>\" }");
        Files.writeString(own.resolve("chat_template.jinja"), "{{ messages[0].content }}\n");
        try (Transformer model = Transformer.load(ModelLayout.of("llama3").folder());
                Tokenizer whole = Tokenizer.load(own)) {
            Path written = Files.createDirectory(folder.resolve("written"));
            model.save(written, whole, WeightFormat.FLOAT32);
            assertThat(written.resolve("tokenizer_config.json")).hasContent(config);
            for (String name :
                    List.of("tokenizer.json", "special_tokens_map.json", "chat_template.jinja")) {
                assertThat(written.resolve(name)).hasSameBinaryContentAs(own.resolve(name));
            }
            for (String name : List.of("config.json", "generation_config.json")) {
                ObjectNode json = JsonFile.read(written.resolve(name), 10_000);
                assertThat(json.get("bos_token_id").asInt()).isEqualTo(2);
                assertThat(json.get("eos_token_id").toString()).isEqualTo("[1,5,6]");
                assertThat(json.get("pad_token_id").asInt()).isZero();
            }
            assertThat(Transformer.load(written).shape()).isEqualTo(model.shape());
        }
    }

    private Path saved(Transformer model, WeightFormat format) {
        try {
            Path written = Files.createTempDirectory(folder, "saved");
            model.save(written, tokenizer, format);
            return written;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> tensorNames(Path model) {
        try (WeightFiles weights = WeightFiles.open(model)) {
            return new TreeSet<>(weights.names());
        }
    }

    private static void set(Transformer model, float... values) {
        try (NDManager step = model.manager().newSubManager()) {
            model.parameters().set(new NDIndex("0:" + values.length), step.create(values));
        }
    }
}

package rlaif.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightFilesTest {

    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final String FIRST_SHARD = "model-00001-of-00002.safetensors";
    private static final String SECOND_SHARD = "model-00002-of-00002.safetensors";

    @TempDir Path folder;

    private ChangedFolder single;
    private ChangedFolder sharded;

    @BeforeEach
    void copyModels() throws IOException {
        TensorThread.prepare(1);
        single =
                new ChangedFolder(
                        Golden.languageModel(), Files.createDirectory(folder.resolve("single")));
        sharded =
                new ChangedFolder(
                        ModelLayout.of("qwen2").folder(),
                        Files.createDirectory(folder.resolve("sharded")));
    }

    @Test
    void everyMissingUnexpectedAndMisshapenTensorIsNamedAtOnce() throws IOException {
        single.rewrite(
                SINGLE,
                tensors -> {
                    tensors.removeIf(t -> t.name().contains("layernorm"));
                    tensors.removeIf(t -> t.name().equals("model.norm.weight"));
                    tensors.add(
                            SafetensorsWriter.Tensor.of("model.norm.weight", new long[] {2}, 1, 2));
                    tensors.add(
                            SafetensorsWriter.Tensor.of(
                                    "model.layers.0.self_attn.q_proj.bias", new long[] {1}, 1));
                });
        single.assertRefused(
                SINGLE,
                "missing: model.layers.0.input_layernorm.weight, model.layers.0.post_attention_layernorm.weight,"
                        + " model.layers.1.input_layernorm.weight, model.layers.1.post_attention_layernorm.weight",
                "unexpected: model.layers.0.self_attn.q_proj.bias",
                "misshapen: model.norm.weight is [2] instead of [16]");
    }

    @Test
    void anotherShapeThanTheConfigsIsNamed() throws IOException {
        single.set("intermediate_size", "21");
        single.assertRefused(
                SINGLE, "model.layers.0.mlp.gate_proj.weight is [20, 16] instead of [21, 16]");
    }

    @Test
    void biasesAndNormsThatTheConfigDoesNotNameAreUnexpected() throws IOException {
        ChangedFolder qwen3 =
                new ChangedFolder(
                        ModelLayout.of("qwen3").folder(),
                        Files.createDirectory(folder.resolve("q3")));
        qwen3.set("model_type", "\"llama\"");
        qwen3.set("architectures", "[\"LlamaForCausalLM\"]");
        qwen3.assertRefused(SINGLE, "unexpected: ", "self_attn.q_norm.weight");
        sharded.set("model_type", "\"llama\"");
        sharded.set("architectures", "[\"LlamaForCausalLM\"]");
        sharded.set("sliding_window", "null");
        sharded.assertRefused(INDEX, "unexpected: ", "self_attn.k_proj.bias");
    }

    @Test
    void anUntiedHeadThatIsNotThereIsMissing() throws IOException {
        single.set("tie_word_embeddings", "false");
        single.assertRefused(SINGLE, "missing: lm_head.weight");
    }

    @Test
    void aTiedOutputMatrixThatIsStoredTwiceIsReadOnce() throws IOException {
        single.rewrite(
                SINGLE,
                tensors ->
                        tensors.add(
                                SafetensorsWriter.Tensor.of("lm_head.weight", new long[] {1}, 1)));
        try (Transformer twice = Transformer.load(single.file(""));
                Transformer once = Transformer.load(Golden.languageModel())) {
            assertThat(twice.parameters().toFloatArray())
                    .isEqualTo(once.parameters().toFloatArray());
        }
    }

    @Test
    void aScoreWithoutBiasIsReadAsATransformersRewardModel() throws IOException {
        ChangedFolder scalar =
                new ChangedFolder(
                        Golden.scalarModel(), Files.createDirectory(folder.resolve("scalar")));
        scalar.change("config.json", json -> json.remove("rlaif_head"));
        scalar.set("architectures", "[\"LlamaForSequenceClassification\"]");
        scalar.rewrite(SINGLE, tensors -> tensors.removeIf(t -> t.name().equals("score.bias")));
        try (Transformer model = Transformer.load(scalar.file(""));
                Transformer whole = Transformer.load(Golden.scalarModel())) {
            float[] wanted = whole.parameters().toFloatArray();
            wanted[wanted.length - 1] = 0;
            assertThat(model.head()).isEqualTo(Head.SCALAR);
            assertThat(model.parameters().toFloatArray()).isEqualTo(wanted);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pytorch_model.bin", "pytorch_model.bin.index.json"})
    void aPickleIsRefusedByName(String name) throws IOException {
        Files.delete(single.file(SINGLE));
        Files.write(single.file(name), new byte[] {(byte) 0x80, 2});
        single.assertRefused(name, "a pickle can run code", "safe_serialization=True");
    }

    @Test
    void noWeightsAtAllAreNamed() throws IOException {
        Files.delete(single.file(SINGLE));
        single.assertRefused(SINGLE, "is missing");
    }

    @Test
    void aShardThatIsMissingOrCutIsNamed() throws IOException {
        byte[] good = Files.readAllBytes(sharded.file(SECOND_SHARD));
        Files.write(sharded.file(SECOND_SHARD), Arrays.copyOf(good, good.length - 2));
        sharded.assertRefused(SECOND_SHARD, "truncated");
        Files.delete(sharded.file(SECOND_SHARD));
        sharded.assertRefused(SECOND_SHARD, "is missing", INDEX);
    }

    @Test
    void anIndexThatDisagreesWithItsShardsIsRefused() throws IOException {
        sharded.change(
                INDEX,
                json -> json.withObject("/weight_map").put("model.norm.weight", FIRST_SHARD));
        sharded.assertRefused(INDEX, "model.norm.weight is not in " + FIRST_SHARD);
        sharded.change(INDEX, json -> json.remove("weight_map"));
        sharded.assertRefused(INDEX, "weight_map is missing");
    }

    @Test
    void aTensorInTwoShardsIsRefused() throws IOException {
        sharded.rewrite(
                SECOND_SHARD,
                tensors ->
                        tensors.add(
                                SafetensorsWriter.Tensor.of(
                                        "model.embed_tokens.weight", new long[] {1}, 1)));
        sharded.assertRefused(SECOND_SHARD, "model.embed_tokens.weight is in another shard");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../single/model.safetensors",
                "/etc/passwd",
                "a/b.safetensors",
                "..safetensors",
                "pytorch_model-00001-of-00002.bin",
                ""
            })
    void anIndexThatLeadsOutOfTheFolderIsRefused(String shard) throws IOException {
        sharded.change(
                INDEX, json -> json.withObject("/weight_map").put("model.norm.weight", shard));
        sharded.assertRefused(INDEX, "'" + shard + "', which is no safetensors file");
    }

    @Test
    void aFolderThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> ModelFolder.open(folder.resolve("nowhere")))
                .isInstanceOf(ModelFolderException.class)
                .hasMessageContaining("is no folder");
    }
}

package rlaif.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFolderTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path folder;

    @BeforeEach
    void copyAModel() throws IOException {
        for (String file : new String[] {"config.json", "model.safetensors"}) {
            Files.copy(Golden.languageModel().resolve(file), folder.resolve(file));
        }
    }

    @Test
    void theShapeIsTheConfigs() {
        ModelFolder.Model model = ModelFolder.read(folder);
        assertThat(model.shape())
                .isEqualTo(new ModelShape(29, 16, 2, 4, 2, 6, 20, 32, 500, 1e-5, 1, 0));
        assertThat(model.head()).isEqualTo(Head.LANGUAGE_MODEL);
        assertThat(ModelFolder.read(Golden.scalarModel()).head()).isEqualTo(Head.SCALAR);
    }

    @Test
    void aModelComesBackAsItWasWritten() throws IOException {
        TensorThread.prepare(1);
        Path written = Files.createDirectory(folder.resolve("written"));
        try (Transformer model = Transformer.load(Golden.scalarModel());
                Tokenizer tokenizer = Tokenizer.load(Golden.tokenizer())) {
            ModelFolder.write(written, model, tokenizer);
            try (Transformer read = Transformer.load(written)) {
                assertThat(read.shape()).isEqualTo(model.shape());
                assertThat(read.head()).isEqualTo(Head.SCALAR);
                assertThat(read.parameters().toFloatArray())
                        .isEqualTo(model.parameters().toFloatArray());
            }
        }
        assertThat(
                        JSON.readTree(written.resolve("generation_config.json").toFile())
                                .get("top_k")
                                .asInt())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vocab_size",
                "hidden_size",
                "num_hidden_layers",
                "num_attention_heads",
                "intermediate_size",
                "max_position_embeddings",
                "eos_token_id",
                "model_type",
                "tie_word_embeddings"
            })
    void aMissingKeyIsNamedWithItsFile(String key) throws IOException {
        change(config -> config.remove(key));
        assertRefused("config.json", key);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "architectures | [\"MixtralForCausalLM\"]",
                "model_type | \"qwen2\"",
                "tie_word_embeddings | false",
                "hidden_act | \"gelu\"",
                "rope_scaling | {\"rope_type\": \"llama3\"}",
                "sliding_window | 4096",
                "quantization_config | {}",
                "attention_bias | true",
                "mlp_bias | true",
                "rlaif_head | \"vector\"",
                "vocab_size | \"many\"",
                "eos_token_id | [1, 2]",
                "rope_theta | \"x\""
            })
    void whatIsNotSupportedIsRefusedByName(String key, String value) throws IOException {
        change(config -> config.set(key, JSON.readTree(value)));
        assertRefused("config.json", key);
    }

    @Test
    void endEqualToPaddingIsRefused() throws IOException {
        change(config -> config.put("pad_token_id", 1));
        assertRefused("config.json", "endTokenId and padTokenId are both 1");
    }

    @Test
    void aConfigWithoutPaddingGetsATokenThatIsNotTheEnd() throws IOException {
        change(config -> config.remove("pad_token_id"));
        assertThat(ModelFolder.read(folder).shape().padTokenId()).isZero();
        change(config -> config.put("eos_token_id", 0));
        assertThat(ModelFolder.read(folder).shape().padTokenId()).isEqualTo(1);
    }

    @Test
    void whatAConfigMayLeaveOutHasItsUsualValue() throws IOException {
        change(config -> config.without(List.of("rope_theta", "rms_norm_eps", "architectures")));
        ModelShape shape = ModelFolder.read(folder).shape();
        assertThat(shape.ropeTheta()).isEqualTo(10_000);
        assertThat(shape.rmsNormEpsilon()).isEqualTo(1e-6);
    }

    @Test
    void aChatTemplateIsRefusedByName() throws IOException {
        Path config = folder.resolve("tokenizer_config.json");
        Files.writeString(config, "{\"chat_template\": \"{{ messages }}\"}");
        assertRefused("tokenizer_config.json", "chat_template");
        Files.writeString(config, "{\"model_max_length\": 5}");
        assertThat(ModelFolder.read(folder).parameters()).isNotEmpty();
        Files.writeString(folder.resolve("chat_template.jinja"), "{{ messages }}");
        assertRefused("chat_template.jinja", "not supported");
    }

    @Test
    void shardsAreRefusedByName() throws IOException {
        Files.writeString(folder.resolve("model.safetensors.index.json"), "{}");
        assertRefused("model.safetensors.index.json", "not supported");
    }

    @Test
    void missingFilesAreNamed() throws IOException {
        Files.delete(folder.resolve("model.safetensors"));
        assertRefused("model.safetensors", "cannot be read");
        Files.delete(folder.resolve("config.json"));
        assertRefused("config.json", "missing");
        assertThatThrownBy(() -> ModelFolder.read(folder.resolve("nowhere")))
                .hasMessageContaining("is no folder");
    }

    @Test
    void aMissingTensorIsNamed() throws IOException {
        rewriteTensors(tensors -> tensors.remove("model.norm.weight"));
        assertRefused("model.safetensors", "model.norm.weight is missing");
    }

    @Test
    void anUnexpectedTensorIsNamed() throws IOException {
        rewriteTensors(tensors ->
                tensors.put(
                        "model.layers.0.self_attn.q_proj.bias",
                        new Safetensors.Tensor(new long[] {1}, new float[] {1})));
        assertRefused("model.safetensors", "q_proj.bias has no place");
    }

    @Test
    void aTensorOfAnotherShapeIsNamed() throws IOException {
        change(config -> config.put("intermediate_size", 21));
        assertRefused("model.safetensors", "mlp.gate_proj.weight has shape [20, 16]");
    }

    @Test
    void aTiedOutputMatrixThatIsStoredTwiceIsRead() throws IOException {
        rewriteTensors(tensors ->
                tensors.put(
                        "lm_head.weight", new Safetensors.Tensor(new long[] {1}, new float[] {1})));
        assertThat(ModelFolder.read(folder).parameters())
                .hasSize(ModelFolder.read(Golden.languageModel()).parameters().length);
    }

    private void assertRefused(String file, String what) {
        assertThatThrownBy(() -> ModelFolder.read(folder))
                .isInstanceOf(ModelFolderException.class)
                .hasMessageContaining(folder.resolve(file).toString())
                .hasMessageContaining(what);
    }

    private interface Change<T> {
        void apply(T changed) throws IOException;
    }

    private void change(Change<ObjectNode> change) throws IOException {
        Path file = folder.resolve("config.json");
        ObjectNode config = (ObjectNode) JSON.readTree(Files.readString(file));
        change.apply(config);
        Files.writeString(file, JSON.writeValueAsString(config));
    }

    private void rewriteTensors(Change<Map<String, Safetensors.Tensor>> change) throws IOException {
        Path file = folder.resolve("model.safetensors");
        Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>();
        try (Safetensors read = Safetensors.open(file)) {
            for (String name : read.names()) {
                tensors.put(name, new Safetensors.Tensor(read.shape(name), read.floats(name)));
            }
        }
        change.apply(tensors);
        Files.delete(file);
        Safetensors.write(file, tensors, Map.of());
    }
}

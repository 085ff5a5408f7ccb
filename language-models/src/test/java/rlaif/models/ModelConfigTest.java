package rlaif.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelConfigTest {

    @TempDir Path folder;

    private ChangedFolder model;

    @BeforeEach
    void copyAModel() throws IOException {
        model = new ChangedFolder(Golden.languageModel(), folder);
    }

    @Test
    void theShapeIsTheConfigs() {
        assertThat(model.shape())
                .isEqualTo(new ModelShape(29, 16, 2, 4, 2, 6, 20, 32, 500, 1e-5, 1, 0));
        assertThat(model.head()).isEqualTo(Head.LANGUAGE_MODEL);
        try (StoredModel scalar = ModelFolder.open(Golden.scalarModel())) {
            assertThat(scalar.head()).isEqualTo(Head.SCALAR);
        }
    }

    @Test
    void whatTheFamiliesAddIsRead() {
        try (StoredModel llama = ModelFolder.open(ModelLayout.of("llama3").folder());
                StoredModel biased =
                        ModelFolder.open(ModelLayout.of("llama-linear-biased").folder());
                StoredModel qwen2 = ModelFolder.open(ModelLayout.of("qwen2").folder());
                StoredModel qwen3 = ModelFolder.open(ModelLayout.of("qwen3-untied").folder())) {
            assertThat(llama.shape().variant())
                    .isEqualTo(
                            new ModelVariant(
                                    Architecture.LLAMA,
                                    true,
                                    false,
                                    false,
                                    new RopeScaling.Llama3(8, 1, 4, 64)));
            assertThat(llama.shape().endTokenId()).isEqualTo(1);
            assertThat(llama.shape().otherEndTokenIds()).containsExactly(5, 6);
            assertThat(llama.shape().padTokenId()).isZero();
            assertThat(biased.shape().variant())
                    .isEqualTo(
                            new ModelVariant(
                                    Architecture.LLAMA,
                                    false,
                                    true,
                                    true,
                                    new RopeScaling.Linear(4)));
            assertThat(qwen2.shape().variant())
                    .isEqualTo(
                            new ModelVariant(
                                    Architecture.QWEN2,
                                    true,
                                    false,
                                    false,
                                    new RopeScaling.None()));
            assertThat(qwen2.shape().headWidth()).isEqualTo(4);
            assertThat(qwen3.shape().variant())
                    .isEqualTo(
                            new ModelVariant(
                                    Architecture.QWEN3,
                                    false,
                                    true,
                                    false,
                                    new RopeScaling.None()));
            assertThat(qwen3.shape().headWidth()).isEqualTo(10);
        }
    }

    @Test
    void positionsUnderTheirNewerKeyAreRead() throws IOException {
        model.change("config.json", config -> config.remove("rope_theta"));
        model.set(
                "rope_parameters",
                """
                {"rope_theta": 700.0, "rope_type": "llama3", "factor": 32.0, "low_freq_factor": 1.0,
                 "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}\
                """);
        assertThat(model.shape().ropeTheta()).isEqualTo(700);
        assertThat(model.shape().variant().ropeScaling())
                .isEqualTo(new RopeScaling.Llama3(32, 1, 4, 8192));
        model.set("rope_parameters", "{\"rope_theta\": 700.0, \"rope_type\": \"default\"}");
        assertThat(model.shape().variant().ropeScaling()).isEqualTo(new RopeScaling.None());
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
                "model_type"
            })
    void aMissingKeyIsNamedWithItsFile(String key) throws IOException {
        model.change("config.json", config -> config.remove(key));
        model.assertRefused("config.json", key + " is missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "architectures           | [\"MixtralForCausalLM\"]",
                "architectures           | [\"LlamaModel\"]",
                "hidden_act              | \"gelu\"",
                "rope_scaling            | {\"rope_type\": \"yarn\", \"factor\": 4.0}",
                "rope_scaling            | {\"type\": \"dynamic\", \"factor\": 4.0}",
                "rope_scaling            | {\"rope_type\": \"longrope\"}",
                "rope_scaling            | {\"factor\": 4.0}",
                "rope_scaling            | \"linear\"",
                "rope_scaling.factor     | \"x\"",
                "sliding_window          | 4096",
                "use_sliding_window      | true",
                "layer_types             | [\"full_attention\", \"sliding_attention\"]",
                "partial_rotary_factor   | 0.5",
                "quantization_config     | {}",
                "auto_map                | {\"AutoModelForCausalLM\": \"modeling.Mine\"}",
                "num_experts             | 8",
                "num_local_experts       | 8",
                "moe_intermediate_size   | 64",
                "attention_bias          | \"yes\"",
                "rlaif_head              | \"vector\"",
                "vocab_size              | \"many\"",
                "vocab_size              | 30.5",
                "eos_token_id            | \"</s>\"",
                "eos_token_id            | [1, \"</s>\"]",
                "pad_token_id            | \"<pad>\"",
                "rope_theta              | \"x\"",
                "rms_norm_eps            | \"x\""
            })
    void whatIsNotSupportedIsRefusedByName(String key, String value) throws IOException {
        if (key.startsWith("rope_scaling.")) {
            model.set("rope_scaling", "{\"rope_type\": \"linear\", \"factor\": " + value + "}");
        } else {
            model.set(key, value);
        }
        model.assertRefused("config.json", key);
    }

    @ParameterizedTest
    @CsvSource({
        "mistral, llama",
        "mixtral, llama",
        "qwen2_moe, qwen2",
        "qwen3_moe, qwen3",
        "qwen3_next, qwen3",
        "llama4, llama"
    })
    void anUnknownFamilyNamesTheNearest(String type, String nearest) throws IOException {
        model.set("model_type", "\"" + type + "\"");
        model.assertRefused("config.json", "model_type is \"" + type, "the nearest is " + nearest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mixtral", "qwen2_moe", "qwen3_moe", "deepseek_moe"})
    void aMixtureOfExpertsIsNamedAsOne(String type) throws IOException {
        model.set("model_type", "\"" + type + "\"");
        model.assertRefused("config.json", "mixtures of experts are not supported");
    }

    @Test
    void aWindowThatIsSwitchedOffIsNone() {
        Path qwen2 = ModelLayout.of("qwen2").folder();
        ObjectNode config = JsonFile.read(qwen2.resolve("config.json"), 10_000);
        assertThat(config.get("sliding_window").asInt()).isPositive();
        assertThat(config.get("use_sliding_window").asBoolean()).isFalse();
        ModelFolder.open(qwen2).close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "heads 4 is no multiple of keyValueHeads 3 | num_key_value_heads | 3",
                "headWidth 5 is odd | head_dim | 5",
                "factor is 0.0 | rope_scaling | {\"type\": \"linear\", \"factor\": 0}",
                "high_freq_factor is 1.0 | rope_scaling | {\"rope_type\": \"llama3\", \"factor\": 8, \"low_freq_factor\": 1, \"high_freq_factor\": 1, \"original_max_position_embeddings\": 64}",
                "endTokenId 29 is outside the vocabulary | eos_token_id | 29",
                "layers is 0 | num_hidden_layers | 0",
                "more than 2,147,483,647 parameters | intermediate_size | 100000000"
            })
    void aShapeThatCannotBeIsRefusedWithItsValues(String why, String key, String value)
            throws IOException {
        model.set(key, value);
        model.assertRefused("config.json", why);
    }

    @Test
    void everyEndTokenOfBothFilesEndsACompletion() throws IOException {
        model.set("eos_token_id", "[5, 1]");
        model.change("generation_config.json", json -> json.putArray("eos_token_id").add(1).add(7));
        assertThat(model.shape().endTokenId()).isEqualTo(5);
        assertThat(model.shape().otherEndTokenIds()).containsExactly(1, 7);
        assertThat(List.of(1, 5, 7)).allMatch(model.shape()::isEnd);
        assertThat(model.shape().isEnd(6)).isFalse();
    }

    @Test
    void theTokenizersEndIsTheFirst() throws IOException {
        model.addTokenizer();
        model.set("eos_token_id", "[5, 1]");
        model.change("tokenizer_config.json", json -> json.put("eos_token", "<eos>"));
        assertThat(model.shape().endTokenId()).isEqualTo(1);
        assertThat(model.shape().otherEndTokenIds()).containsExactly(5);
    }

    @Test
    void anEndTokenOfTheGenerationConfigAloneServes() throws IOException {
        model.change("config.json", json -> json.remove("eos_token_id"));
        model.change("generation_config.json", json -> json.put("eos_token_id", 4));
        assertThat(model.shape().endTokenId()).isEqualTo(4);
    }

    @Test
    void endEqualToPaddingIsRefusedWithoutAnotherSpecialToken() throws IOException {
        model.set("pad_token_id", "1");
        model.assertRefused("config.json", "pad_token_id is 1", "an end token too");
    }

    @Test
    void endEqualToPaddingTakesAnotherTokenOfTheTokenizer() throws IOException {
        model.addTokenizer();
        model.set("pad_token_id", "1");
        assertThat(model.shape().padTokenId()).isZero(); // <pad>, by its name
        model.change("tokenizer_config.json", json -> json.put("pad_token", "<unk>"));
        assertThat(model.shape().padTokenId()).isEqualTo(3); // as the tokenizer says
        model.change(
                "tokenizer_config.json",
                json -> json.putObject("pad_token").put("content", "<eos>"));
        assertThat(model.shape().padTokenId()).isZero();
    }

    @Test
    void whatPadsInPlaceOfAnEndTokenIsTold() throws IOException {
        model.addTokenizer();
        assertThat(PaddingStandIn.in(folder)).isEmpty();
        model.set("pad_token_id", "1");
        assertThat(PaddingStandIn.in(folder)).contains(new PaddingStandIn(folder, 1, 0));
        model.change("config.json", json -> json.remove("pad_token_id"));
        model.change("generation_config.json", json -> json.put("pad_token_id", 1));
        assertThat(PaddingStandIn.in(folder)).contains(new PaddingStandIn(folder, 1, 0));
        model.change("generation_config.json", json -> json.remove("pad_token_id"));
        assertThat(PaddingStandIn.in(folder)).isEmpty();
        model.change("tokenizer_config.json", json -> json.put("pad_token", "<eos>"));
        assertThat(PaddingStandIn.in(folder))
                .get()
                .extracting(PaddingStandIn::text)
                .asString()
                .contains(
                        folder.toString(),
                        "pads with token 1, which ends a text too",
                        "token 0 pads instead",
                        "pad_token_id in config.json");
    }

    @Test
    void aConfigWithoutPaddingGetsATokenThatEndsNothing() throws IOException {
        model.change("config.json", config -> config.remove("pad_token_id"));
        assertThat(model.shape().padTokenId()).isZero();
        model.set("eos_token_id", "[0, 1]");
        assertThat(model.shape().padTokenId()).isEqualTo(2);
    }

    @Test
    void whatAConfigMayLeaveOutHasItsUsualValue() throws IOException {
        model.change(
                "config.json",
                config -> config.without(List.of("rope_theta", "rms_norm_eps", "architectures")));
        assertThat(model.shape().ropeTheta()).isEqualTo(10_000);
        assertThat(model.shape().rmsNormEpsilon()).isEqualTo(1e-6);
    }

    @Test
    void aTokenizerWithMoreTokensThanTheModelIsRefused() throws IOException {
        model.addTokenizer();
        model.shape();
        model.change(
                "tokenizer.json",
                json ->
                        json.withArray("added_tokens")
                                .addObject()
                                .put("id", 29)
                                .put("content", "<x>"));
        model.assertRefused("tokenizer.json", "ids up to 29", "rows for 29 tokens");
    }

    @Test
    void aSmallerTokenizerThanThePaddedEmbeddingIsFine() throws IOException {
        ChangedFolder padded =
                new ChangedFolder(
                        ModelLayout.of("qwen2").folder(),
                        Files.createDirectory(folder.resolve("p")));
        padded.addTokenizer();
        assertThat(padded.shape().vocabularySize()).isEqualTo(37);
    }

    @Test
    void filesThatAreNoJsonAreNamed() throws IOException {
        Files.writeString(model.file("generation_config.json"), "[]");
        model.assertRefused("generation_config.json", "is no JSON object");
        Files.writeString(model.file("config.json"), "{");
        model.assertRefused("config.json", "is no JSON");
        Files.delete(model.file("config.json"));
        model.assertRefused("config.json", "missing");
    }
}

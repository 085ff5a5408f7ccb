package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The golden numbers that the PyTorch twin wrote, and the models and the batch they belong to.
final class Golden {

    private static final JsonNode NUMBERS = read(resource("golden").resolve("golden.json"));

    private Golden() {}

    static JsonNode numbers() {
        return NUMBERS;
    }

    static Path languageModel() {
        return resource("golden").resolve("language-model");
    }

    static Path scalarModel() {
        return resource("golden").resolve("scalar-model");
    }

    static Path tokenizer() {
        return resource("tokenizer");
    }

    static Safetensors tensors(String name) {
        return Safetensors.open(resource("golden").resolve(name + ".safetensors"));
    }

    static SequenceBatch batch() {
        return new SequenceBatch(lists("prompts"), lists("completions"), 0);
    }

    static float temperature() {
        return (float) NUMBERS.get("temperature").asDouble();
    }

    /// Mean negative logprob of the completion tokens.
    static NDArray languageModelLoss(
            Transformer model, NDManager step, SequenceBatch batch, float temperature) {
        NDArray tokens = batch.tokens(step);
        NDArray mask = batch.completionMask(step);
        NDArray logprobs =
                Logprobs.ofNextTokens(step, model.logits(step, tokens), tokens, temperature);
        return logprobs.mul(mask).sum().neg().div(mask.sum());
    }

    /// The same loss, computed without padding.
    static NDArray packedLanguageModelLoss(
            Transformer model, NDManager step, SequenceBatch batch, float temperature) {
        NDArray mask = batch.completionMask(step);
        NDArray logits = model.logits(step, batch);
        NDArray logprobs = Logprobs.ofNextTokens(step, logits, batch.tokens(step), temperature);
        return logprobs.mul(mask).sum().neg().div(mask.sum());
    }

    /// The values of a flat buffer by the names of the model's tensors.
    static Map<String, float[]> tensors(Transformer model, float[] flat) {
        Map<String, float[]> tensors = new HashMap<>();
        for (ParameterLayout.Named tensor : model.layout().named()) {
            tensors.put(
                    tensor.name(),
                    Arrays.copyOfRange(flat, tensor.offset(), tensor.offset() + tensor.size()));
        }
        return tensors;
    }

    /// The norm of the difference over the norm of what was wanted.
    static double relativeError(float[] found, float[] wanted) {
        if (found.length != wanted.length) {
            throw new IllegalArgumentException(found.length + " values, not " + wanted.length);
        }
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < wanted.length; i++) {
            difference += Math.pow((double) found[i] - wanted[i], 2);
            norm += Math.pow(wanted[i], 2);
        }
        return Math.sqrt(difference / norm);
    }

    private static List<int[]> lists(String key) {
        List<int[]> lists = new ArrayList<>();
        for (JsonNode list : NUMBERS.get(key)) {
            int[] tokens = new int[list.size()];
            for (int i = 0; i < tokens.length; i++) {
                tokens[i] = list.get(i).asInt();
            }
            lists.add(tokens);
        }
        return lists;
    }

    private static Path resource(String name) {
        URL url = Objects.requireNonNull(Golden.class.getResource("/" + name), name);
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode read(Path file) {
        try {
            return new ObjectMapper().readTree(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

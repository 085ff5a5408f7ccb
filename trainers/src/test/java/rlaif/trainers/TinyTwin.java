package rlaif.trainers;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import rlaif.models.Logprobs;
import rlaif.models.SequenceBatch;
import rlaif.models.TensorThread;
import rlaif.models.Transformer;

/// The tiny models of `src/test/python/weights_twin.py`, what a step on them holds constant, and
/// the gradient of every loss in each of their weights.
public final class TinyTwin {
    private static final Path FOLDER = folder();
    private static final JsonNode CONSTANTS = read();

    private TinyTwin() {}

    public static Transformer languageModel() {
        TensorThread.prepare(1);
        return Transformer.load(FOLDER.resolve("language-model"));
    }

    public static Transformer scalarModel() {
        TensorThread.prepare(1);
        return Transformer.load(FOLDER.resolve("scalar-model"));
    }

    /// Two groups of two completions each, which are two pairs as well.
    public static SequenceBatch sequences() {
        return new SequenceBatch(tokens("prompts"), tokens("completions"), 0);
    }

    public static List<int[]> tokens(String name) {
        List<int[]> rows = new ArrayList<>();
        part(name)
                .forEach(row -> {
                    int[] tokens = new int[row.size()];
                    for (int i = 0; i < tokens.length; i++) {
                        tokens[i] = row.get(i).asInt();
                    }
                    rows.add(tokens);
                });
        return rows;
    }

    public static double number(String name) {
        return part(name).asDouble();
    }

    public static double[] numbers(String name) {
        double[] numbers = new double[part(name).size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = part(name).get(i).asDouble();
        }
        return numbers;
    }

    /// The cells of `name` under completion `row`.
    public static float[] completion(String name, int row) {
        int from = tokens("prompts").get(row).length - 1;
        float[] cells = new float[tokens("completions").get(row).length];
        for (int t = 0; t < cells.length; t++) {
            cells[t] = (float) part(name).get(row).get(from + t).asDouble();
        }
        return cells;
    }

    /// `name` as an array `(batch, time-1)`.
    public static NDArray grid(NDManager manager, String name) {
        int columns = part(name).get(0).size();
        float[] cells = new float[part(name).size() * columns];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = (float) part(name).get(i / columns).get(i % columns).asDouble();
        }
        return manager.create(cells, new Shape(part(name).size(), columns));
    }

    /// Logprobs of the next tokens under the model, `(batch, time-1)`, differentiable.
    public static NDArray logprobs(NDManager manager, Transformer model) {
        return Logprobs.ofNextTokens(
                manager,
                model.logits(manager, sequences()),
                sequences().tokens(manager),
                (float) number("temperature"));
    }

    /// Holds loss and gradient in every weight of `model` to the twin's of `name`.
    public static void assertGradient(
            String name, Transformer model, Function<NDManager, NDArray> loss) {
        model.parameters().setRequiresGradient(true);
        try (NDManager manager = model.manager().newSubManager();
                GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDArray value = loss.apply(manager);
            Twin.assertClose(
                    new double[] {value.getFloat()},
                    new double[] {part("loss").get(name).asDouble()});
            collector.backward(value);
        }
        try (NDArray gradient = model.parameters().getGradient()) {
            Twin.assertClose(gradient.toFloatArray(), gradient(name));
        }
    }

    private static double[] gradient(String name) {
        try {
            ByteBuffer bytes =
                    ByteBuffer.wrap(Files.readAllBytes(FOLDER.resolve(name + "-gradient.f32")))
                            .order(ByteOrder.LITTLE_ENDIAN);
            double[] gradient = new double[bytes.remaining() / Float.BYTES];
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] = bytes.getFloat();
            }
            assertThat(gradient).isNotEmpty();
            return gradient;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode part(String name) {
        return Objects.requireNonNull(CONSTANTS.get(name), name);
    }

    private static JsonNode read() {
        try {
            return new ObjectMapper().readTree(FOLDER.resolve("weights.json").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder() {
        try {
            return Path.of(
                    Objects.requireNonNull(TinyTwin.class.getResource("tiny"), "tiny").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}

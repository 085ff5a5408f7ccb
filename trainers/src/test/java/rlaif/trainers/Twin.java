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
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/// The golden numbers that `src/test/python/twin.py` wrote, and the tolerance they are held to.
public final class Twin {
    private static final double RELATIVE_TOLERANCE = 1e-5;
    private static final JsonNode ROOT = read();

    private final JsonNode part;

    private Twin(JsonNode part) {
        this.part = part;
    }

    public static Twin of(String part) {
        return new Twin(Objects.requireNonNull(ROOT.get(part), part));
    }

    public double number(String name) {
        return Objects.requireNonNull(part.get(name), name).asDouble();
    }

    /// All numbers under `name`, row after row.
    public double[] numbers(String name) {
        List<Double> numbers = new ArrayList<>();
        flatten(Objects.requireNonNull(part.get(name), name), numbers);
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }

    public float[] floats(String name) {
        return floats(numbers(name));
    }

    /// Row `row` cut to the completion that stands in it.
    public double[] completion(String name, int row) {
        JsonNode cells = Objects.requireNonNull(part.get(name), name).get(row);
        double[] completion = new double[length(row)];
        for (int t = 0; t < completion.length; t++) {
            completion[t] = cells.get(promptTokens() - 1 + t).asDouble();
        }
        return completion;
    }

    public float[] completionFloats(String name, int row) {
        return floats(completion(name, row));
    }

    public static int rows() {
        return ROOT.get("lengths").size();
    }

    public static int length(int row) {
        return ROOT.get("lengths").get(row).asInt();
    }

    public static int promptTokens() {
        return ROOT.get("prompt").asInt();
    }

    /// `name` as an array `(rows, columns)`.
    public NDArray grid(NDManager manager, String name) {
        float[] cells = floats(name);
        return manager.create(cells, new Shape(rows(), cells.length / rows()));
    }

    public static NDArray mask(NDManager manager) {
        return new Twin(ROOT).grid(manager, "mask");
    }

    /// The loss and its gradient in each of `leaves`, compared with the twin's.
    public void assertLoss(Supplier<NDArray> loss, NDArray leaf, String gradientName) {
        leaf.setRequiresGradient(true);
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDArray value = loss.get();
            assertClose(new double[] {value.getFloat()}, new double[] {number("loss")});
            collector.backward(value);
        }
        assertClose(leaf.getGradient().toFloatArray(), numbers(gradientName));
    }

    public static void assertClose(float[] actual, double[] expected) {
        double[] wide = new double[actual.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = actual[i];
        }
        assertClose(wide, expected);
    }

    /// `|actual - expected| <= 1e-5 |expected|` in the Euclidean norm, and element by element
    /// against the largest one.
    public static void assertClose(double[] actual, double[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double error = 0;
        double norm = 0;
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            error += Math.pow(actual[i] - expected[i], 2);
            norm += Math.pow(expected[i], 2);
            largest = Math.max(largest, Math.abs(expected[i]));
        }
        assertThat(norm).as("the twin's numbers are not all zero").isPositive();
        assertThat(Math.sqrt(error / norm))
                .as("relative error")
                .isLessThanOrEqualTo(RELATIVE_TOLERANCE);
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(actual[i] - expected[i]))
                    .as("element %d: %s against %s", i, actual[i], expected[i])
                    .isLessThanOrEqualTo(RELATIVE_TOLERANCE * largest);
        }
    }

    private static float[] floats(double[] wide) {
        float[] floats = new float[wide.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) wide[i];
        }
        return floats;
    }

    private static void flatten(JsonNode node, List<Double> numbers) {
        if (node.isArray()) {
            node.forEach(child -> flatten(child, numbers));
        } else {
            numbers.add(node.asDouble());
        }
    }

    private static JsonNode read() {
        try (InputStream in = Twin.class.getResourceAsStream("twin.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in, "twin.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

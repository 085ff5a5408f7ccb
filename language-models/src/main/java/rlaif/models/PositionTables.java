package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/// The constants that depend on position alone: rotary factors and the causal mask, made once and
/// grown when a longer sequence comes.
final class PositionTables implements AutoCloseable {

    /// Added to the score of a key that must not be seen: its weight becomes exactly 0, and a row
    /// without any key stays finite.
    static final float HIDDEN = -1e30f;

    private static final int FIRST_LENGTH = 64;

    private final ModelShape shape;
    private final NDManager manager;
    private @Nullable NDArray cosine; // (length, (heads + keyValueHeads) headWidth)
    private @Nullable NDArray sine; // the same shape
    private @Nullable NDArray causal; // (length, length): 0 on and under the diagonal, HIDDEN above

    PositionTables(ModelShape shape, NDManager parent) {
        this.shape = shape;
        this.manager = parent.newSubManager();
    }

    /// The rotation of positions 0 to `time` - 1, alike for every sequence.
    Rotary rotary(NDManager step, int time) {
        Rotary tables = rotaryTables(time);
        Shape shape = new Shape(time, rotatedHeads(), this.shape.headWidth());
        return new Rotary(
                view(step, tables.cosine(), 0, time).reshape(shape),
                view(step, tables.sine(), 0, time).reshape(shape));
    }

    /// The rotation of the given positions (batch, time), int64, all below `length`.
    Rotary rotary(NDManager step, NDArray positions, int length) {
        Rotary tables = rotaryTables(length);
        Shape shape =
                positions.getShape().addAll(new Shape(rotatedHeads(), this.shape.headWidth()));
        return new Rotary(
                rows(step, tables.cosine(), positions).reshape(shape),
                rows(step, tables.sine(), positions).reshape(shape));
    }

    /// The causal mask (time, time), to be added to scores.
    NDArray causal(NDManager step, int time) {
        return view(step, view(step, causalTable(time), 0, time), 1, time);
    }

    @Override
    public void close() {
        manager.close();
    }

    private int rotatedHeads() {
        return shape.heads() + shape.keyValueHeads();
    }

    private static NDArray view(NDManager step, NDArray table, int axis, int length) {
        NDArray view = JniUtils.slice((PtNDArray) table, axis, 0, length, 1);
        view.attach(step);
        return view;
    }

    private static NDArray rows(NDManager step, NDArray table, NDArray rowNumbers) {
        NDArray rows = JniUtils.embedding((PtNDArray) rowNumbers, (PtNDArray) table, false);
        rows.attach(step);
        return rows;
    }

    private Rotary rotaryTables(int length) {
        NDArray cosines = cosine;
        NDArray sines = sine;
        if (cosines == null || sines == null || cosines.getShape().get(0) < length) {
            int grown = grownLength(length);
            cosines = keep(rotaryFactors(grown, Math::cos, 1), cosines);
            sines = keep(rotaryFactors(grown, Math::sin, -1), sines);
            cosine = cosines;
            sine = sines;
        }
        return new Rotary(cosines, sines);
    }

    private NDArray causalTable(int length) {
        NDArray table = causal;
        if (table == null || table.getShape().get(0) < length) {
            NDArray grown = keep(causalMask(grownLength(length)), table);
            causal = grown;
            return grown;
        }
        return table;
    }

    private int grownLength(int length) {
        if (length > shape.maxPositions()) {
            throw new IllegalArgumentException(
                    "a sequence of "
                            + length
                            + " tokens is longer than the model's maxPositions "
                            + shape.maxPositions());
        }
        int grown = FIRST_LENGTH;
        while (grown < length) {
            grown *= 2;
        }
        return Math.min(grown, shape.maxPositions());
    }

    private NDArray rotaryFactors(int length, DoubleUnaryOperator function, int signOfFirstHalf) {
        int half = shape.headWidth() / 2;
        int rowLength = rotatedHeads() * shape.headWidth();
        float[] factors = new float[length * rowLength];
        double queryScale = 1 / Math.sqrt(shape.headWidth());
        double[] frequencies = shape.frequencies();
        double[] ofPairs = new double[half];
        for (int position = 0; position < length; position++) {
            for (int pair = 0; pair < half; pair++) {
                ofPairs[pair] = function.applyAsDouble(position * frequencies[pair]);
            }
            for (int head = 0; head < rotatedHeads(); head++) {
                double scale = head < shape.heads() ? queryScale : 1;
                int at = position * rowLength + head * shape.headWidth();
                for (int pair = 0; pair < half; pair++) {
                    float factor = (float) (scale * ofPairs[pair]);
                    factors[at + pair] = signOfFirstHalf * factor;
                    factors[at + half + pair] = factor;
                }
            }
        }
        return manager.create(factors, new Shape(length, rowLength));
    }

    private NDArray causalMask(int length) {
        float[] mask = new float[length * length];
        for (int query = 0; query < length; query++) {
            Arrays.fill(mask, query * length + query + 1, (query + 1) * length, HIDDEN);
        }
        return manager.create(mask, new Shape(length, length));
    }

    /// Copies what borrows Java memory into native memory, and lets go of the shorter table.
    private static NDArray keep(NDArray borrowed, @Nullable NDArray shorter) {
        NDArray kept = borrowed.duplicate();
        borrowed.close();
        if (shorter != null) {
            shorter.close();
        }
        return kept;
    }
}

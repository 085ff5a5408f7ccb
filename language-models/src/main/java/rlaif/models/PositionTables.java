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

    /// Positions of the largest causal mask, which grows with the square of its length.
    static final int LONGEST_MASK = 1024;

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
    ///
    /// @param time no more than {@link #LONGEST_MASK}
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
            int grown = grownLength(shape, length);
            cosines = inPlaceOf(cosines, rotaryFactors(grown, Math::cos, 1));
            sines = inPlaceOf(sines, rotaryFactors(grown, Math::sin, -1));
            cosine = cosines;
            sine = sines;
        }
        return new Rotary(cosines, sines);
    }

    private NDArray causalTable(int length) {
        NDArray table = causal;
        if (table == null || table.getShape().get(0) < length) {
            NDArray grown = inPlaceOf(table, causalMask(maskLength(length)));
            causal = grown;
            return grown;
        }
        return table;
    }

    private int maskLength(int length) {
        if (length > LONGEST_MASK) {
            throw new IllegalArgumentException(
                    "a mask of %d positions is longer than %d".formatted(length, LONGEST_MASK));
        }
        return Math.min(grownLength(shape, length), LONGEST_MASK);
    }

    /// Most native memory, in bytes, that the rotation of positions below `length` takes: both
    /// tables and, while the second is made, its parts and the shorter one that it replaces.
    static long mostRotaryBytes(ModelShape shape, int length) {
        long rotatedHeads = (long) shape.heads() + shape.keyValueHeads();
        return 4L * Float.BYTES * rotatedHeads * shape.headWidth() * grownLength(shape, length);
    }

    private static int grownLength(ModelShape shape, int length) {
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

    /// (length, (heads + keyValueHeads) headWidth): each kind of head is computed once, and
    /// repeated in native memory.
    private NDArray rotaryFactors(int length, DoubleUnaryOperator function, int signOfFirstHalf) {
        double[] factors = new double[length * shape.headWidth() / 2];
        double[] frequencies = shape.frequencies();
        for (int i = 0; i < factors.length; i++) {
            int position = i / frequencies.length;
            factors[i] = function.applyAsDouble(position * frequencies[i % frequencies.length]);
        }
        double queryScale = 1 / Math.sqrt(shape.headWidth());
        try (NDManager made = manager.newSubManager()) {
            NDArray queries = ofHead(made, factors, queryScale, signOfFirstHalf);
            NDArray keys = ofHead(made, factors, 1, signOfFirstHalf);
            NDArray table =
                    repeated(queries, length, shape.heads())
                            .concat(repeated(keys, length, shape.keyValueHeads()), 1);
            table.attach(manager);
            return table;
        }
    }

    /// One head's factors (length, headWidth): `factors` for either half.
    private NDArray ofHead(NDManager made, double[] factors, double scale, int signOfFirstHalf) {
        int half = shape.headWidth() / 2;
        float[] both = new float[2 * factors.length];
        for (int i = 0; i < factors.length; i++) {
            float factor = (float) (scale * factors[i]);
            int first = i / half * 2 * half + i % half;
            both[first] = signOfFirstHalf * factor;
            both[first + half] = factor;
        }
        return made.create(both, new Shape(factors.length / half, shape.headWidth()));
    }

    private NDArray repeated(NDArray ofHead, int length, int heads) {
        int width = shape.headWidth();
        return ofHead.reshape(new Shape(length, 1, width))
                .broadcast(new Shape(length, heads, width))
                .reshape(new Shape(length, (long) heads * width));
    }

    private NDArray causalMask(int length) {
        float[] mask = new float[length * length];
        for (int query = 0; query < length; query++) {
            Arrays.fill(mask, query * length + query + 1, (query + 1) * length, HIDDEN);
        }
        try (NDArray borrowed = manager.create(mask, new Shape(length, length))) {
            return borrowed.duplicate(); // in native memory
        }
    }

    private static NDArray inPlaceOf(@Nullable NDArray shorter, NDArray longer) {
        if (shorter != null) {
            shorter.close();
        }
        return longer;
    }
}

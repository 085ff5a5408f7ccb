package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// What a LoRA run trains beside a frozen base: low-rank adapters, and the scalar head where there
/// is one, all in one flat native array.
final class Adapter {

    private final LoraSettings settings;
    private final AdapterLayout layout;
    private final BaseWeights base;
    private final NDArray weights; // (n)

    /// Zeros: the base alone, under a head that gives 0.
    ///
    /// @param manager owns the array
    /// @param model layout of base and adapter together
    Adapter(NDManager manager, ParameterLayout model, LoraSettings settings, BaseWeights base) {
        this.settings = settings;
        this.base = base;
        this.layout = new AdapterLayout(model, settings);
        this.weights = manager.zeros(new Shape(layout.size()));
    }

    LoraSettings settings() {
        return settings;
    }

    AdapterLayout layout() {
        return layout;
    }

    /// What it is trained beside.
    BaseWeights base() {
        return base;
    }

    /// The live numbers (n).
    NDArray weights() {
        return weights;
    }

    /// Draws every `A` evenly from within 1 / sqrt(inputs), as PEFT does; every `B` stays 0, so
    /// that the model begins as its base.
    void draw(long seed) {
        Random random = new Random(seed);
        for (ParameterLayout.Named tensor : layout.named()) {
            if (tensor.name().endsWith("lora_A.weight")) {
                double most = 1 / Math.sqrt(tensor.columns());
                float[] drawn = new float[tensor.size()];
                for (int i = 0; i < drawn.length; i++) {
                    drawn[i] = (float) (most * (2 * random.nextDouble() - 1));
                }
                FloatRuns.copy(FloatRuns.of(drawn), weights, tensor.offset(), drawn.length);
            }
        }
    }

    /// Overwrites a tensor that is trained as it is.
    ///
    /// @param tensor its name in the model
    void set(String tensor, FloatRuns.Source values) {
        ParameterLayout.Named whole = layout.whole(tensor).orElseThrow();
        FloatRuns.copy(values, weights, whole.offset(), whole.size());
    }

    /// The numbers as matrices for one step.
    AdapterViews views(NDManager step) {
        List<ParameterLayout.Named> named = layout.named();
        long[] cuts = named.stream().skip(1).mapToLong(ParameterLayout.Named::offset).toArray();
        NDList pieces = weights.split(cuts); // in the long-lived manager until attached
        pieces.attach(step);
        Map<String, NDArray> matrices = new HashMap<>();
        for (int i = 0; i < named.size(); i++) {
            matrices.put(
                    named.get(i).name(), pieces.get(i).reshape(new Shape(named.get(i).shape())));
        }
        return new AdapterViews(
                layout, matrices, step.full(new Shape(1), (float) settings.scale()));
    }

    /// The values of a tensor of the model that base and adapter make together: `W + scale B A`.
    ///
    /// @param base flat parameters, in which the tensor lies at its own offset
    FloatRuns.Source merged(NDArray base, ParameterLayout.Named tensor) {
        return layout.whole(tensor.name())
                .map(whole -> FloatRuns.of(weights, whole.offset()))
                .or(() -> layout.pair(tensor.name()).map(pair -> new Merged(base, tensor, pair)))
                .orElseGet(() -> FloatRuns.of(base, tensor.offset()));
    }

    /// A merged matrix, computed when its first value is asked for.
    private final class Merged implements FloatRuns.Source {

        private final NDArray base;
        private final ParameterLayout.Named tensor;
        private final AdapterLayout.Pair pair;
        private final List<float[]> computed = new ArrayList<>(1);

        Merged(NDArray base, ParameterLayout.Named tensor, AdapterLayout.Pair pair) {
            this.base = base;
            this.tensor = tensor;
            this.pair = pair;
        }

        @Override
        public void read(long from, float[] into, int count) {
            if (computed.isEmpty()) {
                computed.add(compute());
            }
            System.arraycopy(computed.getFirst(), Math.toIntExact(from), into, 0, count);
            if (from + count == tensor.size()) {
                computed.clear();
            }
        }

        private float[] compute() {
            try (GradientMode _ = GradientMode.off();
                    NDManager step = base.getManager().newSubManager()) {
                NDArray scale = step.full(new Shape(1), (float) settings.scale());
                NDArray product =
                        view(step, weights, pair.b()).matMul(view(step, weights, pair.a()));
                return view(step, base, tensor).add(product.mul(scale)).toFloatArray();
            }
        }

        private static NDArray view(NDManager step, NDArray flat, ParameterLayout.Named tensor) {
            long begin = tensor.offset();
            NDArray run = JniUtils.slice((PtNDArray) flat, 0, begin, begin + tensor.size(), 1);
            run.attach(step);
            return run.reshape(new Shape(tensor.shape()));
        }
    }
}

package rlaif.models;

import java.util.Iterator;
import java.util.Random;

/// The weights a model starts from when it starts from nothing.
final class InitialWeights {

    private InitialWeights() {}

    /// The weights in the layout's order; they can be read once, from the first to the last.
    static FloatRuns.Source draw(ModelShape shape, ParameterLayout layout, long seed) {
        Random random = new Random(seed);
        Iterator<ParameterLayout.Named> tensors = layout.named().iterator();
        return new FloatRuns.Source() {

            private ParameterLayout.Named tensor = tensors.next();
            private double deviation = deviation(shape, tensor);

            @Override
            public void read(long from, float[] into, int count) {
                for (int i = 0; i < count; i++) {
                    while (from + i >= tensor.offset() + tensor.size()) {
                        tensor = tensors.next();
                        deviation = deviation(shape, tensor);
                    }
                    into[i] =
                            tensor.columns() == 0
                                    ? (tensor.name().endsWith("bias") ? 0 : 1)
                                    : (float) (deviation * random.nextGaussian());
                }
            }
        };
    }

    /// The weights of a scalar head: N(0, 1 / sqrt(width + 1)).
    static float[] scalarHead(int width, long seed) {
        float[] weights = new float[width];
        Random random = new Random(seed);
        double deviation = 1 / Math.sqrt(width + 1);
        for (int i = 0; i < width; i++) {
            weights[i] = (float) (deviation * random.nextGaussian());
        }
        return weights;
    }

    private static double deviation(ModelShape shape, ParameterLayout.Named tensor) {
        double deviation = 1 / Math.sqrt(tensor.columns());
        boolean endsInResidualSum =
                tensor.name().endsWith("o_proj.weight")
                        || tensor.name().endsWith("down_proj.weight");
        return endsInResidualSum ? deviation / Math.sqrt(2.0 * shape.layers()) : deviation;
    }
}

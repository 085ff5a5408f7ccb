package rlaif.models;

import java.util.Arrays;
import java.util.Random;

/// The weights a model starts from when it starts from nothing.
final class InitialWeights {

    private InitialWeights() {}

    static float[] draw(ModelShape shape, Head head, long seed) {
        ParameterLayout layout = new ParameterLayout(shape, head);
        float[] values = new float[layout.size()];
        Random random = new Random(seed);
        for (ParameterLayout.Named tensor : layout.named()) {
            int end = tensor.offset() + tensor.size();
            if (tensor.columns() == 0) {
                Arrays.fill(values, tensor.offset(), end, tensor.name().endsWith("bias") ? 0 : 1);
                continue;
            }
            double deviation = deviation(shape, tensor);
            for (int i = tensor.offset(); i < end; i++) {
                values[i] = (float) (deviation * random.nextGaussian());
            }
        }
        return values;
    }

    private static double deviation(ModelShape shape, ParameterLayout.Named tensor) {
        double deviation = 1 / Math.sqrt(tensor.columns());
        boolean endsInResidualSum =
                tensor.name().endsWith("o_proj.weight")
                        || tensor.name().endsWith("down_proj.weight");
        return endsInResidualSum ? deviation / Math.sqrt(2.0 * shape.layers()) : deviation;
    }
}

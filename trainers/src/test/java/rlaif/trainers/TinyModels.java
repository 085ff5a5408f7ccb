package rlaif.trainers;

import rlaif.models.Head;
import rlaif.models.ModelShape;
import rlaif.models.TensorThread;
import rlaif.models.Transformer;

/// Transformers small enough to learn something within a test.
public final class TinyModels {
    public static final int END = 1;
    public static final int PAD = 0;
    public static final ModelShape SHAPE =
            new ModelShape(16, 16, 2, 2, 1, 8, 32, 32, 10_000, 1e-5, END, PAD);

    private TinyModels() {}

    public static Transformer policy(long seed) {
        TensorThread.prepare(1);
        return Transformer.random(SHAPE, Head.LANGUAGE_MODEL, seed);
    }

    public static Transformer rewardModel(long seed) {
        try (Transformer policy = policy(seed)) {
            return policy.withScalarHead(seed);
        }
    }
}

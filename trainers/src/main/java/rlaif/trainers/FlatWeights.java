package rlaif.trainers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import rlaif.models.Transformer;

/// What a model trains, its parameters or its adapters, as a file of little-endian floats, in the
/// order in which they lie in memory.
final class FlatWeights {
    private FlatWeights() {}

    static void save(Transformer model, Path file) {
        float[] weights = read(model); // (n)
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(weights.length, Float.BYTES))
                        .order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(weights);
        try {
            Files.write(file, bytes.array());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write weights to " + file, e);
        }
    }

    /// A copy from another device lives as long as what it is made of: here a view.
    private static float[] read(Transformer model) {
        try (NDManager copies = model.manager().newSubManager()) {
            NDArray view = model.trained().reshape(model.trained().getShape());
            view.attach(copies);
            return view.toFloatArray();
        }
    }

    /// Overwrites what `model` trains in place.
    static void load(Transformer model, Path file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read weights from " + file, e);
        }
        float[] weights = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(weights);
        if (weights.length != model.trained().size()) {
            throw new IllegalStateException(
                    "%s holds %d weights, the model trains %d"
                            .formatted(file, weights.length, model.trained().size()));
        }
        try (NDManager step = model.manager().newSubManager()) {
            NDArray read = step.create(weights); // (n)
            model.trained().set(new NDIndex(":"), read);
        }
    }
}

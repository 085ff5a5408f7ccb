package rlaif.benchmarks.trainers;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import rlaif.models.ModelShape;

/// Random token ids, always the same for one seed.
final class Prompts {
    private final ModelShape shape;
    private final Random random;

    Prompts(ModelShape shape, long seed) {
        this.shape = shape;
        this.random = new Random(seed);
    }

    /// Sequences of one length, without end and padding.
    List<int[]> next(int count, int length) {
        return IntStream.range(0, count)
                .mapToObj(_ ->
                        IntStream.range(0, length)
                                .map(_ -> 2 + random.nextInt(shape.vocabularySize() - 2))
                                .toArray())
                .toList();
    }
}

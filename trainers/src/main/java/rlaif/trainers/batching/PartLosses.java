package rlaif.trainers.batching;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/// The losses of the parts of a step, weighed so that their sum is the mean over the whole step.
public final class PartLosses {
    private PartLosses() {}

    /// Each part's mean times its share of the step; of an undivided step the mean as it is.
    ///
    /// @param size what a part's mean goes over, in tokens or sequences
    /// @param mean the part's loss, differentiable
    public static <P> List<Function<NDManager, NDArray>> of(
            List<P> parts, ToLongFunction<P> size, BiFunction<NDManager, P, NDArray> mean) {
        long whole = parts.stream().mapToLong(size).sum();
        return parts.stream()
                .<Function<NDManager, NDArray>>map(part ->
                        step -> share(step, mean.apply(step, part), size.applyAsLong(part), whole))
                .toList();
    }

    private static NDArray share(NDManager step, NDArray loss, long part, long whole) {
        return part == whole
                ? loss
                : loss.mul(step.full(new Shape(1), (float) ((double) part / whole)));
    }
}

package rlaif.trainers.ppo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import rlaif.models.Transformer;

/// The part of a batch that one optimizer update sees, cut into slices of like length so that
/// little of it is padding.
///
/// Slices change nothing but the time it takes: a loss over the minibatch is the sum of theirs.
record PpoMinibatch(List<PpoSlice> slices) {
    private static final int SLICE_SEQUENCES = 32;

    static PpoMinibatch of(
            List<ScoredSequence> rollouts,
            Transformer policy,
            Transformer reference,
            Transformer valueModel,
            PpoSettings settings) {
        List<ScoredSequence> byLength = new ArrayList<>(rollouts);
        byLength.sort(Comparator.comparingInt(it -> it.prompt().length + it.completion().length));
        List<PpoSlice> slices = new ArrayList<>();
        for (int start = 0; start < byLength.size(); start += SLICE_SEQUENCES) {
            int end = Math.min(byLength.size(), start + SLICE_SEQUENCES);
            slices.add(
                    PpoSlice.of(
                            byLength.subList(start, end), policy, reference, valueModel, settings));
        }
        return new PpoMinibatch(slices);
    }

    Stream<Experience> experiences() {
        return slices.stream().flatMap(slice -> slice.experiences().stream());
    }

    /// The same rollouts with other advantages, taken in the order of {@link #experiences}.
    PpoMinibatch withAdvantages(Iterator<double[]> advantages) {
        return new PpoMinibatch(
                slices.stream().map(slice -> slice.withAdvantages(advantages)).toList());
    }

    /// The sum of a loss over the slices, each told how many completion tokens the minibatch has.
    NDArray sum(NDManager manager, BiFunction<PpoSlice, NDArray, NDArray> loss) {
        long tokens = experiences().mapToLong(it -> it.rollout().completion().length).sum();
        NDArray total = manager.zeros(new Shape());
        for (PpoSlice slice : slices) {
            total = total.add(loss.apply(slice, manager.full(new Shape(), (float) tokens)));
        }
        return total; // ()
    }
}

package rlaif.trainers.reward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import rlaif.models.SequenceBatch;
import rlaif.trainers.batching.MicroBatching;

/// Both sequences of each of some pairs, laid out for forward passes over sequences of like length.
public final class PairPasses {
    private final List<LabelledPair> pairs;
    private final List<List<Integer>> rows; // of the sequences of each pass
    private final List<SequenceBatch> passes = new ArrayList<>();

    public PairPasses(List<LabelledPair> pairs, MicroBatching microBatching, int padTokenId) {
        this.pairs = pairs;
        List<int[]> prompts = new ArrayList<>(pairs.stream().map(LabelledPair::prompt).toList());
        prompts.addAll(List.copyOf(prompts));
        List<int[]> completions = new ArrayList<>(pairs.stream().map(LabelledPair::first).toList());
        completions.addAll(pairs.stream().map(LabelledPair::second).toList());
        int[] lengths = new int[prompts.size()];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = prompts.get(i).length + completions.get(i).length;
        }
        this.rows = microBatching.rows(lengths);
        for (List<Integer> pass : rows) {
            passes.add(
                    new SequenceBatch(
                            pass.stream().map(prompts::get).toList(),
                            pass.stream().map(completions::get).toList(),
                            padTokenId));
        }
    }

    public List<LabelledPair> pairs() {
        return pairs;
    }

    public List<SequenceBatch> passes() {
        return passes;
    }

    /// One number of each sequence: of all first completions, then of all second ones (2 pairs);
    /// differentiable where the passes' are.
    ///
    /// @param numbers of a pass (batch)
    public NDArray of(NDManager manager, Function<SequenceBatch, NDArray> numbers) {
        NDList passed = new NDList();
        for (SequenceBatch pass : passes) {
            passed.add(numbers.apply(pass));
        }
        return passed.size() == 1
                ? passed.getFirst()
                : NDArrays.concat(passed).gather(manager.create(places()), 0);
    }

    /// Where each sequence stands among those of the passes.
    private long[] places() {
        long[] places = new long[2 * pairs.size()];
        long place = 0;
        for (List<Integer> pass : rows) {
            for (int row : pass) {
                places[row] = place++;
            }
        }
        return places;
    }
}

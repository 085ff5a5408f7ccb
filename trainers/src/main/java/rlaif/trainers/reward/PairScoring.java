package rlaif.trainers.reward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import rlaif.models.SequenceBatch;
import rlaif.models.Transformer;
import rlaif.trainers.batching.MicroBatching;

/// The scoring of both completions of some pairs under gradients, in forward passes over sequences
/// of like length.
final class PairScoring {
    private final Transformer rewardModel;
    private final List<LabelledPair> pairs;
    private final List<List<Integer>> rows; // of the sequences of each pass
    private final List<SequenceBatch> passes = new ArrayList<>();
    private float[] scores = {};

    PairScoring(Transformer rewardModel, List<LabelledPair> pairs, MicroBatching microBatching) {
        this.rewardModel = rewardModel;
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
                            rewardModel.shape().padTokenId()));
        }
    }

    List<LabelledPair> pairs() {
        return pairs;
    }

    List<SequenceBatch> passes() {
        return passes;
    }

    /// The scores of all first completions, then of all second ones (2 pairs), differentiable.
    NDArray of(NDManager manager) {
        NDList passed = new NDList();
        for (SequenceBatch pass : passes) {
            passed.add(RewardScores.atLastToken(rewardModel, manager, pass));
        }
        NDArray both =
                passed.size() == 1
                        ? passed.getFirst()
                        : NDArrays.concat(passed).gather(manager.create(places()), 0);
        scores = both.toFloatArray();
        return both;
    }

    /// Where each sequence's score stands among those of the passes.
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

    /// What parts gave when they were last scored: of all their first completions, then of all
    /// second ones.
    static float[] scores(List<PairScoring> parts) {
        int all = parts.stream().mapToInt(part -> part.pairs.size()).sum();
        float[] scores = new float[2 * all];
        int at = 0;
        for (PairScoring part : parts) {
            int size = part.pairs.size();
            System.arraycopy(part.scores, 0, scores, at, size);
            System.arraycopy(part.scores, size, scores, all + at, size);
            at += size;
        }
        return scores;
    }
}

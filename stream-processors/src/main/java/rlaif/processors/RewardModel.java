package rlaif.processors;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import rlaif.events.Checkpoint;
import rlaif.events.Rollout;
import rlaif.models.CheckpointRefusedException;
import rlaif.models.CheckpointStore;
import rlaif.models.Head;
import rlaif.models.LastTokenScores;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;

/// A reward model as scorer: the scalar at the last token of prompt and completion.
final class RewardModel implements Scorer, AutoCloseable {
    private final long version;
    private final double mean;
    private final double standardDeviation;
    private final String tokenizerDigest;
    private final Transformer transformer;
    private final int maxTokens;

    private RewardModel(
            long version,
            double mean,
            double standardDeviation,
            String tokenizerDigest,
            Transformer transformer,
            int maxTokens) {
        this.version = version;
        this.mean = mean;
        this.standardDeviation = standardDeviation;
        this.tokenizerDigest = tokenizerDigest;
        this.transformer = transformer;
        this.maxTokens = maxTokens;
    }

    /// @param maxTokens as {@link LastTokenScores} takes it
    static RewardModel load(CheckpointStore store, Checkpoint announced, int maxTokens) {
        Double mean = announced.getScoreMean();
        Double deviation = announced.getScoreStandardDeviation();
        if (mean == null || deviation == null || !(deviation > 0) || !Double.isFinite(mean)) {
            throw new IllegalStateException(
                    "reward model %s version %d was announced with scoreMean %s and scoreStandardDeviation %s; both must be numbers, the latter above 0"
                            .formatted(
                                    announced.getPolicy(),
                                    announced.getVersion(),
                                    mean,
                                    deviation));
        }
        Path folder = store.open(announced.getUri(), announced.getDigest());
        String digest;
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            digest = tokenizer.digest();
        }
        Transformer transformer = Transformer.load(folder);
        Optional<String> notFinite = transformer.notFinite();
        if (notFinite.isPresent()) {
            transformer.close();
            throw new CheckpointRefusedException(
                    "checkpoint %s: %s holds a value that is not finite"
                            .formatted(announced.getUri(), notFinite.get()));
        }
        if (transformer.head() != Head.SCALAR) {
            transformer.close();
            throw new IllegalStateException(
                    folder + " was announced as reward model and has no scalar head");
        }
        return new RewardModel(
                announced.getVersion(), mean, deviation, digest, transformer, maxTokens);
    }

    @Override
    public long version() {
        return version;
    }

    @Override
    public String tokenizerDigest() {
        return tokenizerDigest;
    }

    @Override
    public Optional<String> objection(Rollout rollout) {
        List<Integer> prompt = rollout.getPromptTokens();
        List<Integer> completion = rollout.getCompletionTokens();
        if (prompt.isEmpty() || completion.isEmpty()) {
            return Optional.of("prompt or completion has no tokens");
        }
        int length = prompt.size() + completion.size();
        if (length > transformer.shape().maxPositions()) {
            return Optional.of(
                    "%d tokens are more than the reward model's %d positions"
                            .formatted(length, transformer.shape().maxPositions()));
        }
        int vocabulary = transformer.shape().vocabularySize();
        for (List<Integer> tokens : List.of(prompt, completion)) {
            for (int token : tokens) {
                if (token < 0 || token >= vocabulary) {
                    return Optional.of(
                            "token id %d lies outside the vocabulary of %d"
                                    .formatted(token, vocabulary));
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public List<Double> rawScores(List<Rollout> rollouts) {
        double[] scores =
                LastTokenScores.of(
                        transformer,
                        rollouts.stream().map(r -> ints(r.getPromptTokens())).toList(),
                        rollouts.stream().map(r -> ints(r.getCompletionTokens())).toList(),
                        maxTokens);
        return Arrays.stream(scores).boxed().toList();
    }

    private static int[] ints(List<Integer> tokens) {
        return tokens.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public double normalised(double rawScore) {
        return (rawScore - mean) / standardDeviation;
    }

    @Override
    public void close() {
        transformer.close();
    }
}

package rlaif.processors;

import java.util.List;
import java.util.Optional;
import rlaif.events.Rollout;

/// One version of whatever gives completions their score.
public interface Scorer {
    /// From 0.
    long version();

    /// SHA-256 of the tokenizer.json whose token ids it takes, in hex.
    String tokenizerDigest();

    /// Why it cannot take this rollout's tokens; empty: it can.
    Optional<String> objection(Rollout rollout);

    /// Its output for each rollout as it stands, in their order.
    List<Double> rawScores(List<Rollout> rollouts);

    /// (raw - mean) / standard deviation, both of this version on reference completions.
    double normalised(double rawScore);
}

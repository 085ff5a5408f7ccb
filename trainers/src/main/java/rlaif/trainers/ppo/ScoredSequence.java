package rlaif.trainers.ppo;

import java.util.List;
import rlaif.models.SequenceBatch;

/// A rollout with its score: what was asked, what the behaviour policy sampled, and how likely it
/// was to sample it.
///
/// @param prompt token ids
/// @param completion token ids, the end token included when it was sampled
/// @param behaviourLogprobs log mu of every completion token: natural log, over the whole
///   vocabulary, at the sampling temperature
/// @param score normalised score of the scorer
/// @param ended whether the end token was sampled
/// @param policyVersion of the oldest token
/// @param group rollouts of one group answer one prompt and were scored by one version of the
///   scorer, so that their scores compare
// Tokens and logprobs are handed over once and never changed.
@SuppressWarnings("ArrayRecordComponent")
public record ScoredSequence(
        int[] prompt,
        int[] completion,
        float[] behaviourLogprobs,
        double score,
        boolean ended,
        long policyVersion,
        String group) {
    public ScoredSequence {
        if (prompt.length == 0 || completion.length == 0) {
            throw new IllegalArgumentException(
                    "a scored sequence needs a prompt and a completion, got %d and %d tokens"
                            .formatted(prompt.length, completion.length));
        }
        if (behaviourLogprobs.length != completion.length) {
            throw new IllegalArgumentException(
                    "a completion of %d tokens needs as many behaviour logprobs, got %d"
                            .formatted(completion.length, behaviourLogprobs.length));
        }
        if (!Double.isFinite(score)) {
            throw new IllegalArgumentException("score must be finite, got " + score);
        }
        for (float logprob : behaviourLogprobs) {
            if (!(logprob <= 0 && Float.isFinite(logprob))) {
                throw new IllegalArgumentException(
                        "a behaviour logprob must be finite and at most 0, got " + logprob);
            }
        }
    }

    /// Tokens of prompt and completion.
    public int tokens() {
        return prompt.length + completion.length;
    }

    /// The tokens of many, padded to one length.
    public static SequenceBatch batch(List<ScoredSequence> rollouts, int padTokenId) {
        return new SequenceBatch(
                rollouts.stream().map(ScoredSequence::prompt).toList(),
                rollouts.stream().map(ScoredSequence::completion).toList(),
                padTokenId);
    }

    /// The score, less the penalty of a completion that never ended (N+, Huang et al. 2403.17031,
    /// detail 10): without it nothing draws the policy towards ending.
    public double penalisedScore(double missingEndPenalty) {
        return ended ? score : score - missingEndPenalty;
    }
}

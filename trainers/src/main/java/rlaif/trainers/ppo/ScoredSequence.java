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
    /// Scores beyond it on either side are no scores: normalised ones lie near 0.
    private static final double MOST_SCORE = 1e6;

    /// Nobody samples a token that is less likely than e to this.
    private static final float LEAST_LOGPROB = -1e4f;

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
        if (!(Math.abs(score) <= MOST_SCORE)) {
            throw new IllegalArgumentException(
                    "score must lie between %s and %s, got %s"
                            .formatted(-MOST_SCORE, MOST_SCORE, score));
        }
        for (float logprob : behaviourLogprobs) {
            if (!(logprob <= 0 && logprob >= LEAST_LOGPROB)) {
                throw new IllegalArgumentException(
                        "a behaviour logprob must lie between %s and 0, got %s"
                                .formatted(LEAST_LOGPROB, logprob));
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

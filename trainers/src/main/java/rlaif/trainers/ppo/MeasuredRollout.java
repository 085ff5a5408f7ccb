package rlaif.trainers.ppo;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import rlaif.models.Logprobs;
import rlaif.models.SequenceBatch;
import rlaif.models.Transformer;

/// A rollout with what the policies say of its tokens at the start of a step.
///
/// @param rollout as it came from the stream
/// @param proximalLogprobs log pi_prox of its completion tokens, `(tokens)`, as all below; those of
///   the behaviour policy where the step is not decoupled from it
/// @param proximalEntropies of the proximal policy where each token was drawn, nats
/// @param referenceLogprobs log pi_ref
/// @param kl estimate of the KL from the reference policy, nats
/// @param trust weights and clip intervals
// Owned by the step that made them.
@SuppressWarnings("ArrayRecordComponent")
public record MeasuredRollout(
        ScoredSequence rollout,
        float[] proximalLogprobs,
        float[] proximalEntropies,
        float[] referenceLogprobs,
        double[] kl,
        TrustRegion trust) {

    /// The rollouts of a minibatch in the shape in which the step computes them again: with the
    /// weights unchanged, `pi_theta / pi_prox` is then exactly 1.
    public static List<MeasuredRollout> of(
            SequenceBatch sequences,
            List<ScoredSequence> rollouts,
            Transformer policy,
            Transformer reference,
            PpoSettings settings) {
        CompletionGrid grid = new CompletionGrid(sequences);
        float temperature = (float) settings.temperature();
        List<float[]> proximalLogprobs;
        List<float[]> proximalEntropies;
        List<float[]> referenceLogprobs;
        try (NDManager step = policy.manager().newSubManager()) {
            Logprobs.NextTokens next = Logprobs.nextTokens(step, policy, sequences, temperature);
            proximalLogprobs = grid.rows(next.logprobs());
            proximalEntropies = grid.rows(next.entropies());
        }
        try (NDManager step = reference.manager().newSubManager()) {
            referenceLogprobs =
                    grid.rows(Logprobs.ofNextTokens(step, reference, sequences, temperature));
        }
        List<MeasuredRollout> measured = new ArrayList<>();
        for (int i = 0; i < rollouts.size(); i++) {
            measured.add(
                    of(
                            rollouts.get(i),
                            settings.decoupled()
                                    ? proximalLogprobs.get(i)
                                    : rollouts.get(i).behaviourLogprobs(),
                            proximalEntropies.get(i),
                            referenceLogprobs.get(i),
                            settings));
        }
        return measured;
    }

    private static MeasuredRollout of(
            ScoredSequence rollout,
            float[] proximalLogprobs,
            float[] proximalEntropies,
            float[] referenceLogprobs,
            PpoSettings settings) {
        return new MeasuredRollout(
                rollout,
                proximalLogprobs,
                proximalEntropies,
                referenceLogprobs,
                settings.klEstimator().perToken(rollout.behaviourLogprobs(), referenceLogprobs),
                TrustRegion.of(proximalLogprobs, rollout.behaviourLogprobs(), settings));
    }

    /// The estimate of the KL over the whole completion, nats.
    public double completionKl() {
        double sum = 0;
        for (double nats : kl) {
            sum += nats;
        }
        return sum;
    }
}

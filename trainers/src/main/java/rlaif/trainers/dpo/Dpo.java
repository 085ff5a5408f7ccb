package rlaif.trainers.dpo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import rlaif.trainers.reward.PreferenceLoss;

/// Direct preference optimisation (Rafailov et al. 2305.18290, equation 7) with soft labels.
///
/// `L = -1/B sum [ p log sigma(h) + (1-p) log sigma(-h) ]`, `h = beta m`. The policy is its own
/// reward model, of implicit reward `beta log pi/pi_ref (y|x)` (the paper's equation 5), and `h` is
/// the difference of two of them: this is {@link PreferenceLoss} of those rewards. With `p` the
/// judge's probability a doubtful label moves the policy little, and one of 1/2 draws it back to
/// the reference policy.
///
/// @param beta default 0.1, above 0
public record Dpo(double beta) implements DirectObjective {
    public Dpo {
        DirectObjective.requireBeta(beta);
    }

    @Override
    public NDArray loss(NDManager step, NDArray logRatios, NDArray firstProbabilities) {
        NDArray h = logRatios.mul(step.full(new Shape(1), (float) beta)); // (batch)
        return PreferenceLoss.of(h, h.zerosLike(), firstProbabilities); // ()
    }
}

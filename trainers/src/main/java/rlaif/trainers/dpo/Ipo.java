package rlaif.trainers.dpo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/// Identity preference optimisation (Azar et al. 2310.12036, equation 17) with soft labels.
///
/// `L = 1/B sum [ p (m - 1/(2 tau))^2 + (1-p) (m + 1/(2 tau))^2 ]`: the paper draws the label `I ~
/// Bernoulli(p)` and takes its expectation here, whose minimum is `m = (2p - 1)/(2 tau)`. The
/// log-ratio is pulled to a finite distance and no further, where that of DPO grows without end on
/// a certain label.
///
/// @param beta the paper's tau, default 0.1, above 0
public record Ipo(double beta) implements DirectObjective {
    public Ipo {
        DirectObjective.requireBeta(beta);
    }

    @Override
    public NDArray loss(NDManager step, NDArray logRatios, NDArray firstProbabilities) {
        NDArray distance = step.full(new Shape(1), (float) (1 / (2 * beta)));
        NDArray ofFirst = logRatios.sub(distance); // (batch)
        NDArray ofSecond = logRatios.add(distance); // (batch)
        NDArray secondProbabilities = firstProbabilities.onesLike().sub(firstProbabilities);
        return firstProbabilities
                .mul(ofFirst.mul(ofFirst))
                .add(secondProbabilities.mul(ofSecond.mul(ofSecond)))
                .mean(); // ()
    }
}

package rlaif.trainers.reward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;

/// The soft-label cross entropy of a Bradley-Terry reward model (Lee et al. 2309.00267, section
/// 2.2.1).
///
/// `L = -1/B sum [p log sigma(d) + (1-p) log sigma(-d)]` with `d = r(x, y1) - r(x, y2)`: `p` is the
/// judge's probability that the first completion `y1` is better, `r` the score. Since `log
/// sigma(d)` is the first entry of `log softmax(r1, r2)` and `log sigma(-d)` the second, it is
/// computed as that, which cannot overflow. A label of 1/2 still teaches: the scores draw together.
public final class PreferenceLoss {
    private PreferenceLoss() {}

    /// The scalar loss of the scores of first and second completions under soft labels.
    public static NDArray of(
            NDArray firstScores, NDArray secondScores, NDArray firstProbabilities) { // (batch) each
        NDArray logSigma =
                NDArrays.stack(new NDList(firstScores, secondScores), 1).logSoftmax(1); // (batch,2)
        NDArray secondProbabilities =
                firstProbabilities.onesLike().sub(firstProbabilities); // (batch)
        NDArray labels =
                NDArrays.stack(new NDList(firstProbabilities, secondProbabilities), 1); // (batch,2)
        return labels.mul(logSigma).sum(new int[] {1}).mean().neg(); // ()
    }
}

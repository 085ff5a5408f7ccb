package rlaif.cli.judging;

import rlaif.judging.PairToJudge;

/// A pair whose truth is known.
///
/// @param label probability in [0, 1] that `first` is better
public record LabelledPair(PairToJudge pair, double label) {
    public LabelledPair {
        if (!(label >= 0 && label <= 1)) {
            throw new IllegalArgumentException("label must lie in [0, 1], got " + label);
        }
    }
}

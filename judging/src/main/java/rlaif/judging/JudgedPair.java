package rlaif.judging;

import java.util.List;

/// What became of a pair: a soft label, an abstention, or a failure from which no label follows.
public sealed interface JudgedPair {
    /// What came of each request, in the order of asking; empty where no call was needed.
    List<AskedOrder> asked();

    /// A soft label.
    ///
    /// @param firstProbability probability in [0, 1] that `first` is better, the orders averaged
    record Preferred(double firstProbability, SecondOrder secondOrder, List<AskedOrder> asked)
            implements JudgedPair {
        public Preferred {
            if (!(firstProbability >= 0 && firstProbability <= 1)) {
                throw new IllegalArgumentException(
                        "firstProbability must lie in [0, 1], got " + firstProbability);
            }
        }
    }

    /// No label, for a reason that lies in the pair.
    record Abstained(Reason reason, SecondOrder secondOrder, List<AskedOrder> asked)
            implements JudgedPair {}

    /// No label, for a reason that lies in the judge.
    ///
    /// @param attempts attempts made in all orders together
    record Failed(String cause, int attempts, Failure failure, List<AskedOrder> asked)
            implements JudgedPair {}

    /// Why a judge abstains.
    enum Reason {
        /// The completions are equal; no call was made.
        IDENTICAL,
        /// Neither completion says anything; no call was made.
        BOTH_DEGENERATE,
        /// The label tokens covered too little probability in one order at least.
        UNREADABLE,
        /// The orders chose different completions, and the settings abstain on that.
        ORDERS_DISAGREE
    }

    /// Why a judge fails.
    enum Failure {
        /// It will not answer this pair, however often it is asked.
        REFUSED,
        /// It answers others, and this pair was asked about often enough.
        UNAVAILABLE,
        /// It answers others, and this pair has taken too long.
        DEADLINE
    }
}

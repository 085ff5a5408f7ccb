package rlaif.judging;

import rlaif.judging.limits.Spent;

/// What came of scoring one completion.
public sealed interface ScoredCompletion {
    /// What its calls used up.
    Spent spent();

    /// A score.
    ///
    /// @param score expected score in [1, 10]
    /// @param attempts attempts made, the one that answered included; 0: no call was needed
    record Scored(double score, int attempts, Spent spent) implements ScoredCompletion {
        public Scored {
            if (!(score >= LEAST && score <= MOST)) {
                throw new IllegalArgumentException("score must lie in [1, 10], got " + score);
            }
        }

        /// `2 (s - 1) / 9 - 1`, in [-1, 1] (RLAIF 2.2.2).
        public double reward() {
            return 2 * (score - LEAST) / (MOST - LEAST) - 1;
        }
    }

    /// The ten scores covered too little of the judge's probability.
    record Unreadable(double coveredMass, int attempts, Spent spent) implements ScoredCompletion {}

    /// No score, for a reason that lies in the judge.
    ///
    /// @param failure why, as of a pair
    record Failed(String cause, int attempts, JudgedPair.Failure failure, Spent spent)
            implements ScoredCompletion {}

    /// Least score.
    double LEAST = 1;

    /// Most score.
    double MOST = 10;
}

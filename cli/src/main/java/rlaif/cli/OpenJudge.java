package rlaif.cli;

import java.util.Optional;
import rlaif.judging.Judge;
import rlaif.judging.ScoringJudge;

/// A judge of the configured kind, ready to be asked, with whatever has to be closed after it.
interface OpenJudge extends AutoCloseable {
    Judge judge();

    /// The same judge scoring one completion; empty: its kind cannot.
    Optional<ScoringJudge> scoringJudge();

    @Override
    void close();
}

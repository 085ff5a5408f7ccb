package rlaif.cli.judging;

import java.util.Optional;

/// Labelled pairs, one after the other; read by one thread.
public interface LabelledPairs extends AutoCloseable {
    /// The next; empty: there are no more.
    Optional<LabelledPair> next();

    /// Lines that gave no pair, so far.
    int skipped();

    @Override
    void close();
}

package rlaif.processors;

import java.util.function.Consumer;

/// Where the scoring stage finds the scorer announced last.
public interface NewestScorer {
    /// Runs `use` with the newest version, which does not change meanwhile; one use at a time.
    void use(Consumer<Scorer> use);
}

package rlaif.trainers.loop;

import java.time.Duration;
import java.util.OptionalLong;

/// A look, now and then, for versions that an operator has announced beside a trainer: a rollback,
/// or a model from elsewhere.
///
/// Owned by one thread.
final class OperatorWatch {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    private final Lineage lineage;
    private long lookedNanos = System.nanoTime();
    private boolean announced;

    OperatorWatch(Lineage lineage) {
        this.lineage = lineage;
    }

    /// Whether one was announced after `head`.
    boolean announced(OptionalLong head) {
        if (!announced && System.nanoTime() - lookedNanos >= BETWEEN_LOOKS.toNanos()) {
            announced = lineage.operatorFollowed(head.orElse(-1));
            lookedNanos = System.nanoTime();
        }
        return announced;
    }
}

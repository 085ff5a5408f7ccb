package rlaif.trainers.loop;

/// Thrown when step after step gives no finite loss or gradient: nothing is published any more, and
/// the last version stands.
public final class TrainingDivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TrainingDivergedException(String message) {
        super(message);
    }
}

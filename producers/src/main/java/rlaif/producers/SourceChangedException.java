package rlaif.producers;

/// A source that no longer holds what was taken from it.
public final class SourceChangedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SourceChangedException(String message) {
        super(message);
    }
}

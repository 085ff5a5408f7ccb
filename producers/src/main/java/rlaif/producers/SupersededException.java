package rlaif.producers;

/// A producer whose place was taken by a newer one of the same name.
public final class SupersededException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SupersededException(String message, Throwable cause) {
        super(message, cause);
    }
}

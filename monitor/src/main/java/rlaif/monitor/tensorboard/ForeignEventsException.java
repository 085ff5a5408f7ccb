package rlaif.monitor.tensorboard;

/// A folder that holds the steps of another stream; the message names it and what to do.
public final class ForeignEventsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ForeignEventsException(String message) {
        super(message);
    }
}

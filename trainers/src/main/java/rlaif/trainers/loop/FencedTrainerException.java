package rlaif.trainers.loop;

/// A trainer's end when another has taken over what it publishes; the message names the successor.
public final class FencedTrainerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public FencedTrainerException(String message) {
        super(message);
    }

    public FencedTrainerException(String message, Throwable cause) {
        super(message, cause);
    }
}

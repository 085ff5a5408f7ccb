package rlaif.trainers.loop;

/// A trainer's end when another has taken over what it publishes; the message names the successor.
public final class FencedTrainerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final long goesOnFrom;

    FencedTrainerException(String message, long goesOnFrom) {
        super(message);
        this.goesOnFrom = goesOnFrom;
    }

    FencedTrainerException(String message, long goesOnFrom, Throwable cause) {
        super(message, cause);
        this.goesOnFrom = goesOnFrom;
    }

    /// The newest version that it knew, its own announcements included; -1: none.
    long goesOnFrom() {
        return goesOnFrom;
    }
}

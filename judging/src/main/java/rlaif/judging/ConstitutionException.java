package rlaif.judging;

/// A constitution that cannot be used: the message names the principle or key at fault.
public final class ConstitutionException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ConstitutionException(String message) {
        super(message);
    }

    public ConstitutionException(String message, Throwable cause) {
        super(message, cause);
    }
}

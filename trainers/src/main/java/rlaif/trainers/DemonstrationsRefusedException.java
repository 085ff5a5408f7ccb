package rlaif.trainers;

/// Demonstrations that a policy cannot be trained on: the message says which, and why.
public final class DemonstrationsRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DemonstrationsRefusedException(String what) {
        super(what);
    }
}

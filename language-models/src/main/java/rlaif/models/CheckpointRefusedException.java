package rlaif.models;

/// A checkpoint that is not what was announced: the message names the URI or the file, and what
/// differs.
public class CheckpointRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CheckpointRefusedException(String what) {
        super(what);
    }

    public CheckpointRefusedException(String what, Throwable cause) {
        super(what, cause);
    }
}

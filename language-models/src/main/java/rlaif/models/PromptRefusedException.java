package rlaif.models;

/// A prompt that the model's chat template does not take: the message says why, in the template's
/// own words where it raised.
public class PromptRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public PromptRefusedException(String what) {
        super(what);
    }

    public PromptRefusedException(String what, Throwable cause) {
        super(what, cause);
    }
}

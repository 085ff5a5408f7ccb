package rlaif.models.jinja;

/// A template that cannot be read or rendered, or that refused its input itself with
/// `raise_exception`.
public final class JinjaException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    JinjaException(String what) {
        super(what);
    }
}

package rlaif.models;

/// A model whose logits are NaN or infinite, so that no token can be drawn from them.
public final class NotFiniteException extends ArithmeticException {

    private static final long serialVersionUID = 1L;

    NotFiniteException(String whose) {
        super(whose + " logits are not finite: no token has a probability above 0");
    }
}

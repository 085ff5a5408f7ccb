package rlaif.judging.evaluation;

/// The range that a probability has.
final class Probabilities {
    private Probabilities() {}

    static void require(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " must lie in [0, 1], got " + value);
        }
    }
}

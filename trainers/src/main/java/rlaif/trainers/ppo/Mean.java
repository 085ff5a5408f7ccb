package rlaif.trainers.ppo;

/// A running mean with its population variance.
final class Mean {
    private long count;
    private double value;
    private double squares;

    void add(double x) {
        count++;
        double before = x - value;
        value += before / count;
        squares += before * (x - value);
    }

    double value() {
        return value;
    }

    double variance() {
        return squares / count;
    }
}

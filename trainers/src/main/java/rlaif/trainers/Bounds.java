package rlaif.trainers;

/// The ranges that settings are held to; a value outside is refused by name.
final class Bounds {
    private Bounds() {}

    static void name(String setting, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(setting + " must not be empty");
        }
    }

    static void atLeast(String setting, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    "%s must be at least %d, got %d".formatted(setting, least, value));
        }
    }

    static void above(String setting, double value, double bound) {
        if (!(value > bound && Double.isFinite(value))) {
            throw new IllegalArgumentException(
                    "%s must be a finite number above %s, got %s".formatted(setting, bound, value));
        }
    }
}

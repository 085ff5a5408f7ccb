package rlaif.benchmarks;

/// One measured value beside what it must reach.
///
/// @param what what was measured, with its conditions
/// @param value NaN where nothing could be measured; no limit holds for it
/// @param unit of `value`: `%`, `ms`, `/s`
public record Figure(String what, double value, String unit, Limit limit) {
    public Figure {
        if (what.isBlank()) {
            throw new IllegalArgumentException("a figure says what was measured");
        }
    }

    /// A value that must be at least `least`.
    public static Figure atLeast(String what, double value, String unit, double least) {
        return new Figure(what, value, unit, new Limit.AtLeast(least));
    }

    /// A value that must be at most `most`.
    public static Figure atMost(String what, double value, String unit, double most) {
        return new Figure(what, value, unit, new Limit.AtMost(most));
    }

    /// A value that is only reported.
    public static Figure reported(String what, double value, String unit) {
        return new Figure(what, value, unit, new Limit.None());
    }

    /// The figure as one line of text.
    public String line() {
        return "%s: %s (%s)%s"
                .formatted(
                        what,
                        (Double.isFinite(value) ? Limit.number(value) : "none")
                                + (unit.isEmpty() ? "" : " " + unit),
                        limit.text(),
                        holds() ? "" : " NO");
    }

    /// Whether the value reaches its limit.
    public boolean holds() {
        return !Double.isNaN(value) && limit.holds(value);
    }
}

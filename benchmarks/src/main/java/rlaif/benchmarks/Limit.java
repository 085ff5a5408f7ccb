package rlaif.benchmarks;

import java.util.Locale;

/// What a measured value must reach.
public sealed interface Limit {
    /// Whether `value` reaches it.
    boolean holds(double value);

    /// As it stands in a table: `>= 97`.
    String text();

    /// At least this.
    record AtLeast(double least) implements Limit {
        @Override
        public boolean holds(double value) {
            return value >= least;
        }

        @Override
        public String text() {
            return ">= " + Limit.number(least);
        }
    }

    /// At most this.
    record AtMost(double most) implements Limit {
        @Override
        public boolean holds(double value) {
            return value <= most;
        }

        @Override
        public String text() {
            return "<= " + Limit.number(most);
        }
    }

    /// Within a distance of a target.
    record Near(double target, double distance) implements Limit {
        @Override
        public boolean holds(double value) {
            return Math.abs(value - target) <= distance;
        }

        @Override
        public String text() {
            return Limit.number(target) + " +- " + Limit.number(distance);
        }
    }

    /// Nothing: the value is reported as found.
    record None() implements Limit {
        @Override
        public boolean holds(double value) {
            return true;
        }

        @Override
        public String text() {
            return "reported";
        }
    }

    /// A number with at most three decimals and no trailing zeros.
    static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return String.format(Locale.ROOT, "%,d", (long) value);
        }
        return String.format(Locale.ROOT, "%,.3f", value).replaceAll("\\.?0+$", "");
    }
}

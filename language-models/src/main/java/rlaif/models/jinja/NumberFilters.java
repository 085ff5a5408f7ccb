package rlaif.models.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.OptionalDouble;

/// Jinja's filters that make numbers of values.
final class NumberFilters {

    private static final int MOST_DIGITS = 300; // powers of ten that are doubles

    private NumberFilters() {}

    /// `int(default, base)`
    static Value whole(Value value, Arguments arguments) {
        Value absent = arguments.get(0, "default").orElse(Value.of(0L));
        return switch (Operators.number(value)) {
            case Value.Int number -> number;
            case Value.Real(double number) -> cut(number, absent);
            case Value.Text(String text) -> {
                Optional<BigInteger> whole =
                        PythonNumber.whole(text, arguments.whole(1, "base", 10));
                OptionalDouble real =
                        whole.isPresent() ? OptionalDouble.empty() : PythonNumber.real(text);
                yield whole.isPresent()
                        ? PythonNumber.value(whole.get())
                        : real.isPresent() ? cut(real.getAsDouble(), absent) : absent;
            }
            case Value.Undefined(String name) ->
                    throw new JinjaException("'" + name + "' is undefined");
            default -> absent;
        };
    }

    private static Value cut(double number, Value absent) {
        return Double.isFinite(number)
                ? PythonNumber.value(new BigDecimal(number).toBigInteger())
                : absent;
    }

    /// `float(default)`
    static Value real(Value value, Arguments arguments) {
        Value absent = arguments.get(0, "default").orElse(new Value.Real(0));
        return switch (Operators.number(value)) {
            case Value.Int(long number) -> new Value.Real((double) number);
            case Value.Real number -> number;
            case Value.Text(String text) -> {
                OptionalDouble number = PythonNumber.real(text);
                yield number.isPresent() ? new Value.Real(number.getAsDouble()) : absent;
            }
            case Value.Undefined(String name) ->
                    throw new JinjaException("'" + name + "' is undefined");
            default -> absent;
        };
    }

    /// `round(precision, method)`; a zero has no sign, as Python's integers have none
    static Value rounded(Value value, Arguments arguments) {
        long digits = arguments.whole(0, "precision", 0);
        String method = arguments.text(1, "method", "common");
        Value number = Operators.number(value);
        return switch (method) {
            case "common" -> common(number, digits);
            case "ceil" ->
                    new Value.Real((Math.ceil(scaled(number, digits)) + 0.0) / power(digits));
            case "floor" ->
                    new Value.Real((Math.floor(scaled(number, digits)) + 0.0) / power(digits));
            default -> throw new JinjaException("round knows no method " + method);
        };
    }

    private static Value common(Value number, long digits) {
        if (!(number instanceof Value.Int(long whole))) {
            return new Value.Real(PythonNumber.round(Operators.real(number), digits));
        }
        if (digits >= 0) {
            return number;
        }
        int scale = (int) Math.max(digits, -MOST_DIGITS);
        return PythonNumber.value(
                BigDecimal.valueOf(whole).setScale(scale, RoundingMode.HALF_EVEN).toBigInteger());
    }

    private static double scaled(Value number, long digits) {
        double scaled = Operators.real(number) * power(digits);
        if (!Double.isFinite(scaled)) {
            throw new JinjaException("round: the number is too large");
        }
        return scaled;
    }

    private static double power(long digits) {
        if (Math.abs(digits) > MOST_DIGITS) {
            throw new JinjaException("round takes up to " + MOST_DIGITS + " digits");
        }
        return Math.pow(10, (double) digits);
    }
}

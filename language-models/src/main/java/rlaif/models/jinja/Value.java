package rlaif.models.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A value of a template: Python's, as far as chat templates know them.
///
/// Lists and dicts never change once they are made.
public sealed interface Value {

    /// Python's `None`.
    record None() implements Value {}

    /// What a name stands for that nothing was given for.
    record Undefined(String name) implements Value {}

    /// `True` or `False`.
    record Bool(boolean value) implements Value {}

    /// An integer of 64 bits.
    record Int(long value) implements Value {}

    /// A floating-point number.
    record Real(double value) implements Value {}

    /// A string.
    record Text(String value) implements Value {}

    /// A list, or a tuple: the two differ in print alone.
    record Items(List<Value> values, boolean tuple) implements Value {}

    /// A dict in the order of its making.
    record Dict(Map<Value, Value> entries) implements Value {}

    /// What `namespace()` makes: the one value that a template may change.
    record Namespace(Map<String, Value> attributes) implements Value {}

    /// Something of the engine's own with named parts, as `loop` and a cycler are.
    ///
    /// @param call what a call of it does, where it can be called
    record Provided(String name, Map<String, Value> parts, Optional<Function.Body> call)
            implements Value {}

    /// Something that can be called.
    record Function(String name, Body body) implements Value {

        /// What a call does.
        @FunctionalInterface
        interface Body {
            Value call(Arguments arguments);
        }
    }

    Value NONE = new None();
    Value TRUE = new Bool(true);
    Value FALSE = new Bool(false);

    static Value of(boolean value) {
        return value ? TRUE : FALSE;
    }

    static Value of(long value) {
        return new Int(value);
    }

    static Value of(String value) {
        return new Text(value);
    }

    static Value of(List<Value> values) {
        return new Items(values, false);
    }

    static Value tuple(Value... values) {
        return new Items(List.of(values), true);
    }

    /// A dict with string keys.
    static Value of(Map<String, Value> entries) {
        Map<Value, Value> dict = new LinkedHashMap<>();
        entries.forEach((key, value) -> dict.put(of(key), value));
        return new Dict(dict);
    }
}

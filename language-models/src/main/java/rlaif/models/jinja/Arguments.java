package rlaif.models.jinja;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The arguments of a call of a function, filter, test or method.
///
/// @param of the name that is called, for messages
record Arguments(String of, List<Value> positional, Map<String, Value> named) {

    /// The argument at a place or of a name.
    Optional<Value> get(int place, String name) {
        if (place < positional.size()) {
            return Optional.of(positional.get(place));
        }
        return Optional.ofNullable(named.get(name));
    }

    Value require(int place, String name) {
        return get(place, name)
                .orElseThrow(() -> new JinjaException(of + " needs an argument " + name));
    }

    String text(int place, String name) {
        return text(require(place, name));
    }

    String text(int place, String name, String absent) {
        return get(place, name).map(this::text).orElse(absent);
    }

    long whole(int place, String name, long absent) {
        return get(place, name)
                .filter(value -> !(value instanceof Value.None))
                .map(value -> {
                    if (Operators.number(value) instanceof Value.Int(long whole)) {
                        return whole;
                    }
                    throw new JinjaException(of + ": " + name + " must be an integer");
                })
                .orElse(absent);
    }

    boolean flag(int place, String name) {
        return get(place, name).map(Operators::truth).orElse(false);
    }

    /// The same without the first `count` positional ones, for another name.
    Arguments after(int count, String other) {
        return new Arguments(
                other,
                positional.subList(Math.min(count, positional.size()), positional.size()),
                named);
    }

    private String text(Value value) {
        if (value instanceof Value.Text(String text)) {
            return text;
        }
        throw new JinjaException(of + " needs a string");
    }
}

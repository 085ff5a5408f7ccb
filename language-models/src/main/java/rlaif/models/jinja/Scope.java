package rlaif.models.jinja;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The names that are known at one place of a template; those of the places around it are known
/// too.
final class Scope {

    private final Optional<Scope> outer;
    private final Map<String, Value> values;

    private Scope(Optional<Scope> outer, Map<String, Value> values) {
        this.outer = outer;
        this.values = values;
    }

    static Scope of(Map<String, Value> values) {
        return new Scope(Optional.empty(), new HashMap<>(values));
    }

    /// A place inside of this one: what is set there is not known here.
    Scope inner() {
        return new Scope(Optional.of(this), new HashMap<>());
    }

    Value get(String name) {
        Value value = values.get(name);
        if (value != null) {
            return value;
        }
        return outer.isPresent() ? outer.get().get(name) : new Value.Undefined(name);
    }

    void set(String name, Value value) {
        values.put(name, value);
    }
}

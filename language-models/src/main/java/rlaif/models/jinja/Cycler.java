package rlaif.models.jinja;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Jinja's `cycler(values)`: gives its values again and again, one by one.
final class Cycler {

    private static final String CURRENT = "current";

    private final List<Value> values;
    private final Map<String, Value> parts = new HashMap<>();
    private int at;

    private Cycler(List<Value> values) {
        this.values = values;
    }

    static Value of(Arguments arguments) {
        if (arguments.positional().isEmpty()) {
            throw new JinjaException("cycler needs a value");
        }
        Cycler cycler = new Cycler(arguments.positional());
        cycler.moveTo(0);
        cycler.parts.put("next", new Value.Function("next", _ -> cycler.next()));
        cycler.parts.put("reset", new Value.Function("reset", _ -> cycler.moveTo(0)));
        return new Value.Provided("a cycler", cycler.parts, Optional.empty());
    }

    private Value next() {
        Value given = values.get(at);
        moveTo((at + 1) % values.size());
        return given;
    }

    private Value moveTo(int place) {
        at = place;
        parts.put(CURRENT, values.get(at));
        return Value.NONE;
    }
}

package rlaif.models.jinja;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a loop's body knows as `loop`.
final class LoopState {

    private final List<Value> items;
    private final int depth; // of a recursive loop within itself
    private final Evaluator evaluator;
    private final Value.Function.Body again;
    private Optional<Value> last = Optional.empty(); // what `changed` was told

    /// @param again what a call of `loop` does
    LoopState(List<Value> items, int depth, Evaluator evaluator, Value.Function.Body again) {
        this.items = items;
        this.depth = depth;
        this.evaluator = evaluator;
        this.again = again;
    }

    /// `loop` at one of the items.
    Value at(int place) {
        int length = items.size();
        Map<String, Value> parts = new HashMap<>();
        parts.put("index", Value.of(place + 1L));
        parts.put("index0", Value.of((long) place));
        parts.put("revindex", Value.of((long) length - place));
        parts.put("revindex0", Value.of(length - place - 1L));
        parts.put("first", Value.of(place == 0));
        parts.put("last", Value.of(place == length - 1));
        parts.put("length", Value.of((long) length));
        parts.put("depth", Value.of(depth + 1L));
        parts.put("depth0", Value.of((long) depth));
        if (place > 0) {
            parts.put("previtem", items.get(place - 1));
        }
        if (place < length - 1) {
            parts.put("nextitem", items.get(place + 1));
        }
        parts.put("cycle", new Value.Function("cycle", arguments -> cycled(arguments, place)));
        parts.put("changed", new Value.Function("changed", this::changed));
        return new Value.Provided("loop", parts, Optional.of(again));
    }

    private static Value cycled(Arguments arguments, int place) {
        List<Value> values = arguments.positional();
        if (values.isEmpty()) {
            throw new JinjaException("cycle needs a value");
        }
        return values.get(place % values.size());
    }

    /// Whether the values are others than those of the last call.
    private Value changed(Arguments arguments) {
        Value now = new Value.Items(arguments.positional(), true);
        boolean changed = last.isEmpty() || !evaluator.equal(last.get(), now);
        last = Optional.of(now);
        return Value.of(changed);
    }
}

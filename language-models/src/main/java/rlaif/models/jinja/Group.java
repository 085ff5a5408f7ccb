package rlaif.models.jinja;

import java.util.AbstractList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What `groupby` makes of items alike: a pair of what they share and of them, whose parts have
/// names.
final class Group extends AbstractList<Value> {

    private final Value grouper;
    private final Value items;

    Group(Value grouper, List<Value> items) {
        this.grouper = grouper;
        this.items = Value.of(items);
    }

    @Override
    public Value get(int index) {
        return switch (index) {
            case 0 -> grouper;
            case 1 -> items;
            default -> throw new IndexOutOfBoundsException(index);
        };
    }

    @Override
    public int size() {
        return 2;
    }

    /// The part of that name; null: there is none.
    @Nullable Value named(String name) {
        return switch (name) {
            case "grouper" -> grouper;
            case "list" -> items;
            default -> null;
        };
    }
}

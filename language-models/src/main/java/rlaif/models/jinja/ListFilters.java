package rlaif.models.jinja;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;

/// Jinja's filters that part a list.
final class ListFilters {

    private final Budget budget;
    private final Operators operators;

    ListFilters(Budget budget, Operators operators) {
        this.budget = budget;
        this.operators = operators;
    }

    /// `batch(linecount, fill_with)`: rows of so many items.
    Value batch(Value value, Arguments arguments) {
        arguments.require(0, "linecount");
        long wanted = arguments.whole(0, "linecount", 0);
        Value fill = arguments.get(1, "fill_with").orElse(Value.NONE);
        List<Value> rows = new ArrayList<>();
        List<Value> row = new ArrayList<>();
        for (Value item : operators.items(value)) {
            budget.spend(1);
            if (row.size() == wanted) {
                rows.add(Value.of(row));
                row = new ArrayList<>();
            }
            row.add(item);
        }
        if (!row.isEmpty()) {
            budget.spend(fill instanceof Value.None ? 0 : Math.max(0, wanted - row.size()));
            while (row.size() < wanted && !(fill instanceof Value.None)) {
                row.add(fill);
            }
            rows.add(Value.of(row));
        }
        return Value.of(rows);
    }

    /// `slice(slices, fill_with)`: so many columns, the first ones longer.
    Value slice(Value value, Arguments arguments) {
        arguments.require(0, "slices");
        long slices = arguments.whole(0, "slices", 0);
        Value fill = arguments.get(1, "fill_with").orElse(Value.NONE);
        List<Value> items = operators.items(value);
        if (slices == 0) {
            throw new JinjaException("slice needs one column or more");
        }
        budget.spend(items.size() + Math.max(0, slices));
        List<Value> columns = new ArrayList<>();
        int begin = 0;
        for (long i = 0; i < slices; i++) {
            boolean longer = i < items.size() % slices;
            int end = begin + (int) (items.size() / slices) + (longer ? 1 : 0);
            List<Value> column = new ArrayList<>(items.subList(begin, end));
            if (!longer && !(fill instanceof Value.None)) {
                column.add(fill);
            }
            columns.add(Value.of(column));
            begin = end;
        }
        return Value.of(columns);
    }

    /// `groupby(attribute, default, case_sensitive)`: sorted, and those alike together.
    ///
    /// @param grouper of an item, as it is told
    /// @param key of an item, by which it is put in order
    Value groups(
            Value value,
            UnaryOperator<Value> grouper,
            UnaryOperator<Value> key,
            Comparator<Value> order) {
        List<Value> sorted = new ArrayList<>(operators.items(value));
        budget.spend(sorted.size());
        sorted.sort(Comparator.comparing(key, order));
        List<Value> groups = new ArrayList<>();
        int begin = 0;
        for (int i = 1; i <= sorted.size(); i++) {
            budget.spend(1);
            if (i == sorted.size()
                    || !operators.equal(key.apply(sorted.get(begin)), key.apply(sorted.get(i)))) {
                List<Value> alike = List.copyOf(sorted.subList(begin, i));
                groups.add(
                        new Value.Items(new Group(grouper.apply(alike.getFirst()), alike), true));
                begin = i;
            }
        }
        return Value.of(groups);
    }
}

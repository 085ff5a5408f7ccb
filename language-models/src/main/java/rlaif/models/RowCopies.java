package rlaif.models;

import java.util.ArrayList;
import java.util.List;

/// Rows of a cache that are to be copied to rows of the same or another cache.
final class RowCopies {
    private final List<Integer> from = new ArrayList<>();
    private final List<Integer> to = new ArrayList<>();

    /// @param toRow is named once
    void add(int fromRow, int toRow) {
        from.add(fromRow);
        to.add(toRow);
    }

    /// Copies some columns, as if all rows at once.
    void make(KeyValueCache source, KeyValueCache target, int fromColumn, int toColumn) {
        if (!to.isEmpty()) {
            target.copyRows(source, numbers(from), numbers(to), fromColumn, toColumn);
        }
    }

    private static long[] numbers(List<Integer> rows) {
        return rows.stream().mapToLong(Integer::longValue).toArray();
    }
}

package rlaif.models;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Rows of a cache that are to be copied to rows of the same or another cache.
final class RowCopies {
    private final List<Integer> from = new ArrayList<>();
    private final List<Integer> to = new ArrayList<>();

    /// @param toRow is named once
    void add(int fromRow, int toRow) {
        from.add(fromRow);
        to.add(toRow);
    }

    /// Copies some columns within a cache, as if all rows at once.
    void makeWithin(KeyValueCache cache, int fromColumn, int toColumn) {
        int[] others =
                IntStream.range(0, to.size()).filter(i -> !from.get(i).equals(to.get(i))).toArray();
        if (others.length > 0) {
            cache.moveRows(
                    numbers(Arrays.stream(others).mapToObj(from::get).toList()),
                    numbers(Arrays.stream(others).mapToObj(to::get).toList()),
                    fromColumn,
                    toColumn);
        }
    }

    /// Copies some columns from one cache to another.
    void make(KeyValueCache source, KeyValueCache target, int fromColumn, int toColumn) {
        if (!to.isEmpty()) {
            target.copyRows(source, numbers(from), numbers(to), fromColumn, toColumn);
        }
    }

    private static long[] numbers(List<Integer> rows) {
        return rows.stream().mapToLong(Integer::longValue).toArray();
    }
}

package rlaif.models;

/// The part of a cache that one forward pass writes and sees.
///
/// @param firstRow the first of the pass's rows
/// @param rows sequences of the pass
/// @param column the first column that is written
/// @param time columns that are written
/// @param seenFrom the first column that is seen
/// @param seenTo one past the last column that is seen
record CacheWindow(int firstRow, int rows, int column, int time, int seenFrom, int seenTo) {

    CacheWindow {
        if (column < seenFrom || column + time > seenTo) {
            throw new IllegalArgumentException(
                    "columns %d to %d are written and %d to %d are seen"
                            .formatted(column, column + time, seenFrom, seenTo));
        }
    }

    /// Columns that are seen.
    int length() {
        return seenTo - seenFrom;
    }
}

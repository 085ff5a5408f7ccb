package rlaif.models;

import ai.djl.ndarray.NDManager;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sequences whose prompts are read before there is room to decode them.
///
/// Many prompts read together cost little more than one, and a row of the batch that is taken over
/// by a sequence whose prompt has been read is empty for no step.
final class ReadAhead implements AutoCloseable {

    private final NDManager manager;
    private final int rows;
    private final int columns;
    private final Deque<Ready> ready = new ArrayDeque<>();
    private @Nullable KeyValueCache cache; // from the first that is read ahead on

    /// A sequence with its first token drawn.
    ///
    /// @param row of the cache that holds its prompt's keys and values
    private record Ready(DecodedSequence sequence, int row) {}

    /// @param rows of the batch that sequences wait for
    /// @param columns of a prompt's keys and values; the last lies in the last of them
    ReadAhead(NDManager manager, int rows, int columns) {
        this.manager = manager;
        this.rows = rows;
        this.columns = columns;
    }

    /// Prompts that are kept at most, where a batch has so many rows.
    static int mostPrompts(int rows) {
        return Math.ceilDiv(rows, 4);
    }

    /// Of so many rows that memory has room for, those that a batch may have: the others hold the
    /// prompts that are read ahead.
    static long batchRows(long all) {
        return all * 4 / 5;
    }

    boolean isEmpty() {
        return ready.isEmpty();
    }

    /// Reads the prompts of those that wait and draws their first tokens; called where none is
    /// ready.
    ///
    /// @param waiting loses those that are ready or have ended
    void read(CachedPass pass, Deque<DecodedSequence> waiting) {
        KeyValueCache room = cache;
        if (room == null) {
            room = new KeyValueCache(pass.shape(), manager, mostPrompts(rows), columns);
            cache = room;
        }
        PromptReading reading =
                PromptReading.ofNext(pass.shape(), waiting, rows, mostPrompts(rows), columns);
        List<DecodedSequence> sequences = reading.sequences();
        int[] readRows = reading.read(pass, room, 0);
        for (int i = 0; i < readRows.length; i++) {
            if (!sequences.get(i).finished()) {
                ready.add(new Ready(sequences.get(i), readRows[i]));
            }
        }
    }

    /// Takes the next that are ready, and copies their prompts' keys and values to rows of a batch.
    ///
    /// @param free rows of the batch, more or fewer than are ready
    /// @return one for each of the first of `free`
    List<DecodedSequence> take(List<Integer> free, KeyValueCache batch) {
        List<DecodedSequence> taken = new ArrayList<>();
        RowCopies copies = new RowCopies();
        int longest = 0;
        while (!ready.isEmpty() && taken.size() < free.size()) {
            Ready next = ready.removeFirst();
            copies.add(next.row(), free.get(taken.size()));
            taken.add(next.sequence());
            longest = Math.max(longest, next.sequence().prompt().length);
        }
        if (cache != null) {
            copies.make(cache, batch, columns - longest, columns);
        }
        return taken;
    }

    @Override
    public void close() {
        if (cache != null) {
            cache.close();
        }
    }
}

package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;

/// Sequences being decoded together, a token each a step, until all have ended; those that wait
/// take the rows of those that have ended (continuous batching: Orca, OSDI 2022).
///
/// A prompt that several completions share is read once, and its keys and values are copied to
/// their rows; while all rows are taken, prompts of those that wait are read ahead. The cache has
/// two parts. Prompts lie right-aligned in the first columns. The columns after them are a ring: at
/// every step all sequences write their newest token into the same column, whatever their positions
/// are, for attention cares about positions alone; what a row sees of the ring is what was written
/// since it began.
final class DecodingBatch implements AutoCloseable {

    /// Of the rows, how many may be empty before a few prompts are read by themselves.
    private static final double MOST_EMPTY = 0.125;

    /// Of the rows, how many are refilled together: each time costs more than some empty rows.
    private static final double WORTH_REFILLING = 0.03125;

    private static final double FULLEST_WITH_ENDED_ROWS = 0.75;

    private final ModelShape shape;
    private final KeyValueCache cache;
    private final NDManager manager;
    private final int mostRows;
    private final int promptColumns;
    private final int ringColumns;
    private final Deque<DecodedSequence> waiting;
    private final CachedPass pass;
    private final ReadAhead ahead;
    private List<Row> rows = List.of(); // one for each row of the cache in use
    private long steps; // columns of the ring written so far
    private NDArray hidden; // (rows, 1, 1, 1, columns): HIDDEN where a row must not see, else 0

    /// A sequence that has a row.
    ///
    /// @param since step of the batch that reads its first drawn token
    private record Row(DecodedSequence sequence, long since) {
        boolean going() {
            return !sequence.finished();
        }

        int promptLength() {
            return sequence.prompt().length;
        }
    }

    /// @param cache has room for `mostRows` rows of `columns` columns
    /// @param sequences in the order in which they begin; those that share a prompt together
    /// @param columns room for the longest prompt and what is drawn after it
    DecodingBatch(
            Transformer policy,
            NDManager manager,
            KeyValueCache cache,
            List<? extends DecodedSequence> sequences,
            int mostRows,
            int columns,
            NextToken nextToken) {
        this(
                policy,
                manager,
                cache,
                mostRows,
                sequences.stream().mapToInt(s -> s.prompt().length).max().orElseThrow(),
                columns,
                nextToken);
        add(sequences);
    }

    /// One that no sequence has joined yet.
    ///
    /// @param promptColumns of the columns, those with room for the longest prompt
    DecodingBatch(
            Transformer policy,
            NDManager manager,
            KeyValueCache cache,
            int mostRows,
            int promptColumns,
            int columns,
            NextToken nextToken) {
        this.shape = policy.shape();
        this.cache = cache;
        this.manager = manager;
        this.mostRows = mostRows;
        this.waiting = new ArrayDeque<>();
        this.promptColumns = promptColumns;
        this.ringColumns = columns - promptColumns;
        pass = new CachedPass(policy, manager, nextToken);
        ahead = new ReadAhead(manager, mostRows, promptColumns);
        hidden = hidden();
    }

    /// How many sequences that wait for one of so many rows make it worth reading their prompts
    /// together.
    static int worthReading(int rows) {
        return rows / 4;
    }

    /// Lets more sequences wait for room, behind those that wait already.
    ///
    /// @param sequences whose prompts are no longer than the prompt columns, and which draw no more
    ///   tokens than there are other columns; those that share a prompt together
    void add(List<? extends DecodedSequence> sequences) {
        waiting.addAll(sequences);
    }

    /// Draws one token for every sequence that goes on, or the first token of some that begin, and
    /// gives whether there is more to draw.
    boolean step() {
        refill();
        if (noneGoes() && ahead.isEmpty()) {
            begin();
        } else if (isTimeToRead()) {
            ahead.read(pass, waiting);
        } else {
            goOn();
        }
        return !rows.isEmpty() || !waiting.isEmpty() || !ahead.isEmpty();
    }

    /// Goes on with another policy of the same shape. Keys and values stay: what was read is not
    /// read again, so a token after the swap is drawn by the new weights over the old ones' reading
    /// (PipelineRL, 2509.19128), and its logprob is of just that distribution.
    void useWeights(Transformer newer) {
        pass.useWeights(newer);
    }

    @Override
    public void close() {
        hidden.close();
        ahead.close();
        pass.close();
    }

    private boolean noneGoes() {
        return rows.stream().noneMatch(Row::going);
    }

    /// Reads the prompts of the first into the rows themselves, each once, draws every first token,
    /// and gives each sequence that goes on a row.
    private void begin() {
        PromptReading reading =
                PromptReading.ofNext(shape, waiting, mostRows, mostRows, promptColumns);
        int[] read = reading.read(pass, cache, 0);
        List<Row> all = new ArrayList<>();
        RowCopies copies = new RowCopies();
        for (int i = 0; i < read.length; i++) {
            DecodedSequence sequence = reading.sequences().get(i);
            if (!sequence.finished()) {
                copies.add(read[i], all.size());
                all.add(new Row(sequence, steps));
            }
        }
        copies.makeWithin(cache, reading.begin(), promptColumns);
        become(all);
    }

    /// Whether so many wait that their prompts are worth reading, or so many rows are empty.
    private boolean isTimeToRead() {
        return ahead.isEmpty()
                && !waiting.isEmpty()
                && (waiting.size() >= worthReading(mostRows)
                        || emptyRows().size() > MOST_EMPTY * mostRows);
    }

    /// Gives empty rows to sequences whose prompts have been read.
    private void refill() {
        if (ahead.isEmpty()) {
            return;
        }
        List<Integer> empty = emptyRows();
        if (empty.size() < WORTH_REFILLING * mostRows) {
            return;
        }
        List<DecodedSequence> taken = ahead.take(empty, cache);
        List<Row> all = new ArrayList<>(rows);
        for (int i = 0; i < taken.size(); i++) {
            Row row = new Row(taken.get(i), steps);
            if (empty.get(i) < all.size()) {
                all.set(empty.get(i), row);
            } else {
                all.add(row);
            }
        }
        become(all);
    }

    /// The rows that no sequence needs, in order.
    private List<Integer> emptyRows() {
        return IntStream.range(0, mostRows)
                .filter(row -> row >= rows.size() || !rows.get(row).going())
                .boxed()
                .toList();
    }

    /// Reads the token that each row drew last, and draws the next.
    private void goOn() {
        int column = promptColumns + (int) (steps % ringColumns);
        try (NDManager step = manager.newSubManager()) {
            if (steps >= ringColumns) {
                show(step, column);
            }
            int seenTo = seenTo(steps + 1);
            CacheWindow window = new CacheWindow(0, rows.size(), column, 1, 0, seenTo);
            NDArray features =
                    pass.features(
                            step,
                            cache,
                            window,
                            rows.stream().mapToLong(row -> row.sequence().lastToken()).toArray(),
                            positions(),
                            hidden.get(step, new NDIndex("...,:{}", seenTo)));
            pass.draw(
                    step,
                    features,
                    rows.stream().map(Row::sequence).toList(),
                    IntStream.range(0, rows.size()).toArray());
        }
        steps++;
        if (waiting.isEmpty()) {
            dropEndedRows();
        }
    }

    /// One past the last column in use after some steps.
    private int seenTo(long stepsThen) {
        return promptColumns + (int) Math.min(stepsThen, ringColumns);
    }

    /// The positions of the tokens drawn last; those of ended rows mean nothing.
    private long[] positions() {
        return rows.stream()
                .mapToLong(row ->
                        Math.min(
                                row.promptLength() + row.sequence().drawn() - 1L,
                                shape.maxPositions() - 1L))
                .toArray();
    }

    private void dropEndedRows() {
        long going = rows.stream().filter(Row::going).count();
        if (going <= FULLEST_WITH_ENDED_ROWS * rows.size()) {
            closeRanks();
            become(rows);
        }
    }

    /// Moves the last rows to the places of those that have ended.
    private void closeRanks() {
        List<Row> kept = new ArrayList<>(rows);
        RowCopies copies = new RowCopies();
        for (int row = 0; row < kept.size(); row++) {
            while (row < kept.size() && !kept.get(row).going()) {
                Row last = kept.removeLast();
                if (row < kept.size() && last.going()) {
                    kept.set(row, last);
                    copies.add(kept.size(), row);
                }
            }
        }
        copies.makeWithin(cache, 0, seenTo(steps));
        rows = kept;
    }

    private void become(List<Row> next) {
        rows = next;
        hidden.close();
        hidden = hidden();
    }

    private NDArray hidden() {
        int columns = promptColumns + ringColumns;
        float[] factors = new float[rows.size() * columns];
        for (int row = 0; row < rows.size(); row++) {
            int from = row * columns;
            Row it = rows.get(row);
            Arrays.fill(
                    factors, from, from + promptColumns - it.promptLength(), PositionTables.HIDDEN);
            for (long step = Math.max(0, steps - ringColumns); step < it.since(); step++) {
                factors[from + promptColumns + (int) (step % ringColumns)] = PositionTables.HIDDEN;
            }
        }
        return manager.create(factors, new Shape(rows.size(), 1, 1, 1, columns));
    }

    /// Lets every row see a column that is written over.
    private void show(NDManager step, int column) {
        JniUtils.indexSet(
                (PtNDArray) hidden,
                (PtNDArray) step.zeros(new Shape(rows.size(), 1, 1, 1, 1)),
                new long[] {0, 0, 0, 0, column},
                new long[] {rows.size(), 1, 1, 1, column + 1L},
                new long[] {1, 1, 1, 1, 1});
    }
}

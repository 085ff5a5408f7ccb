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
/// their rows. The cache has two parts. Prompts lie right-aligned in the first columns. The columns
/// after them are a ring: at every step all sequences write their newest token into the same
/// column, whatever their positions are, for attention cares about positions alone; what a row sees
/// of the ring is what was written since it began.
final class DecodingBatch implements AutoCloseable {

    /// Of the rows, how many may be empty before sequences that wait are let in: reading prompts in
    /// small lots costs more than some empty rows.
    private static final double EMPTY_BEFORE_OTHERS_COME = 0.125;

    private static final double FULLEST_WITH_ENDED_ROWS = 0.75;

    private final ModelShape shape;
    private final KeyValueCache cache;
    private final NextToken nextToken;
    private final NDManager manager;
    private final int mostRows;
    private final int promptColumns;
    private final int ringColumns;
    private final Deque<DecodedSequence> waiting;
    private Transformer policy;
    private NDManager weights; // views of the policy's
    private Decoder decoder;
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
        this.policy = policy;
        this.shape = policy.shape();
        this.cache = cache;
        this.nextToken = nextToken;
        this.manager = manager;
        this.mostRows = mostRows;
        this.waiting = new ArrayDeque<>();
        this.promptColumns = promptColumns;
        this.ringColumns = columns - promptColumns;
        weights = manager.newSubManager();
        decoder = policy.decoder(weights);
        hidden = hidden();
    }

    /// Lets more sequences wait for room, behind those that wait already.
    ///
    /// @param sequences whose prompts are no longer than the prompt columns, and which draw no more
    ///   tokens than there are other columns; those that share a prompt together
    void add(List<? extends DecodedSequence> sequences) {
        waiting.addAll(sequences);
    }

    /// Draws one token for every sequence that goes on, or the first token of those that begin, and
    /// gives whether there is more to draw.
    boolean step() {
        if (othersMayBegin()) {
            begin();
        } else {
            goOn();
        }
        return !rows.isEmpty() || !waiting.isEmpty();
    }

    /// Goes on with another policy of the same shape. Keys and values stay: what was read is not
    /// read again, so a token after the swap is drawn by the new weights over the old ones' reading
    /// (PipelineRL, 2509.19128), and its logprob is of just that distribution.
    void useWeights(Transformer newer) {
        if (!newer.shape().equals(shape)) {
            throw new IllegalArgumentException(
                    "weights of " + newer.shape() + " cannot go on for " + shape);
        }
        weights.close();
        weights = manager.newSubManager();
        policy = newer;
        decoder = policy.decoder(weights);
    }

    @Override
    public void close() {
        hidden.close();
        weights.close();
    }

    private boolean othersMayBegin() {
        if (waiting.isEmpty()) {
            return false;
        }
        int going = (int) rows.stream().filter(Row::going).count();
        int empty = mostRows - going;
        boolean worthwhile = empty > EMPTY_BEFORE_OTHERS_COME * mostRows;
        boolean roomForGroup = empty >= Math.min(nextTogether(), mostRows / 2);
        return going == 0 || (worthwhile && roomForGroup);
    }

    /// How many of those that wait share the next prompt.
    private int nextTogether() {
        int[] prompt = waiting.getFirst().prompt();
        int count = 0;
        for (DecodedSequence sequence : waiting) {
            if (!Arrays.equals(sequence.prompt(), prompt)) {
                break;
            }
            count++;
        }
        return count;
    }

    /// Reads the prompts of those that begin, each once, draws every first token, and gives each
    /// sequence that goes on a row.
    private void begin() {
        closeRanks();
        int firstRow = rows.size();
        List<DecodedSequence> beginning = take(mostRows - firstRow);
        PromptReading reading = new PromptReading(shape, beginning, promptColumns);
        int[] rowOf = reading.rows();
        read(reading, firstRow, beginning, rowOf);
        int[] going =
                IntStream.range(0, beginning.size())
                        .filter(i -> !beginning.get(i).finished())
                        .toArray();
        List<Row> all = new ArrayList<>(rows);
        Moves moves = new Moves();
        for (int i : going) {
            moves.add(firstRow + rowOf[i], all.size());
            all.add(new Row(beginning.get(i), steps));
        }
        moves.make(cache, reading.begin(), promptColumns);
        become(all);
    }

    /// The next sequences, as many as have room, without parting those that share a prompt where a
    /// later moment has room for them together.
    private List<DecodedSequence> take(int room) {
        List<DecodedSequence> taken = new ArrayList<>();
        while (!waiting.isEmpty() && taken.size() < room) {
            int together = nextTogether();
            if (!taken.isEmpty() && together > room - taken.size() && together <= mostRows / 2) {
                break;
            }
            for (int i = Math.min(together, room - taken.size()); i > 0; i--) {
                taken.add(waiting.removeFirst());
            }
        }
        return taken;
    }

    /// Reads the prompts into the rows from `firstRow` on, and draws.
    private void read(
            PromptReading reading, int firstRow, List<DecodedSequence> beginning, int[] rowOf) {
        int column = reading.begin();
        int atOnce = reading.columnsAtOnce();
        while (column < promptColumns) {
            int time = Math.min(atOnce, promptColumns - column);
            try (NDManager step = manager.newSubManager()) {
                CacheWindow window =
                        new CacheWindow(
                                firstRow,
                                reading.prompts(),
                                column,
                                time,
                                reading.begin(),
                                column + time);
                NDArray features =
                        features(
                                step,
                                window,
                                reading.tokens(column, time),
                                reading.positions(column, time),
                                reading.mask(step, policy.tables(), column, time));
                column += time;
                if (column == promptColumns) {
                    draw(beginning, rowOf, numbers(step, features));
                }
            }
        }
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
                    features(
                            step,
                            window,
                            rows.stream().mapToLong(row -> row.sequence().lastToken()).toArray(),
                            positions(),
                            hidden.get(step, new NDIndex("...,:{}", seenTo)));
            draw(
                    rows.stream().map(Row::sequence).toList(),
                    IntStream.range(0, rows.size()).toArray(),
                    numbers(step, features));
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

    /// The features of a window's last column, (rows, width).
    private NDArray features(
            NDManager step, CacheWindow window, long[] tokens, long[] positions, NDArray mask) {
        Shape size = new Shape(window.rows(), window.time());
        long last = Arrays.stream(positions).max().orElseThrow();
        Rotary rotary = policy.tables().rotary(step, step.create(positions, size), (int) last + 1);
        Attention attention = new CachedAttention(shape, step, cache, window, rotary, mask);
        NDArray read = step.create(tokens, size);
        return window.time() == 1
                ? decoder.features(read, attention)
                : decoder.lastFeatures(read, attention);
    }

    /// What the next token is drawn by, (rows, vocabulary).
    private float[] numbers(NDManager step, NDArray features) {
        return nextToken.numbers(step, decoder.logits(features));
    }

    /// @param rowOf the row of `numbers` that each sequence draws from
    private void draw(List<DecodedSequence> sequences, int[] rowOf, float[] numbers) {
        int vocabulary = shape.vocabularySize();
        for (int i = 0; i < sequences.size(); i++) {
            if (!sequences.get(i).finished()) {
                sequences.get(i).draw(numbers, rowOf[i] * vocabulary, vocabulary, shape::isEnd);
            }
        }
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
        Moves moves = new Moves();
        for (int row = 0; row < kept.size(); row++) {
            while (row < kept.size() && !kept.get(row).going()) {
                Row last = kept.removeLast();
                if (row < kept.size() && last.going()) {
                    kept.set(row, last);
                    moves.add(kept.size(), row);
                }
            }
        }
        moves.make(cache, 0, seenTo(steps));
        rows = kept;
    }

    /// Rows of the cache that are to be copied to others.
    private static final class Moves {
        private final List<Long> from = new ArrayList<>();
        private final List<Long> to = new ArrayList<>();

        void add(long fromRow, long toRow) {
            if (fromRow != toRow) {
                from.add(fromRow);
                to.add(toRow);
            }
        }

        void make(KeyValueCache cache, int fromColumn, int toColumn) {
            if (!to.isEmpty()) {
                cache.copyRows(numbers(from), numbers(to), fromColumn, toColumn);
            }
        }

        private static long[] numbers(List<Long> rows) {
            return rows.stream().mapToLong(Long::longValue).toArray();
        }
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

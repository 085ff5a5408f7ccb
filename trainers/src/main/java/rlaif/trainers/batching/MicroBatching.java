package rlaif.trainers.batching;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/// The rule by which the sequences of one optimizer step are divided, so that activations of no
/// more than so many tokens are in memory at once.
///
/// Sequences of like length go together and less than {@link #MOST_PADDING} of any part is padding.
/// A step's gradient is the sum over its parts, so that the division changes its result by rounding
/// alone.
///
/// @param maxTokens tokens of a part, padding included, 1 or more; a single longer sequence is a
///   part of its own; {@link #UNDIVIDED}: a step is one part, in the order given
public record MicroBatching(int maxTokens) {

    /// The limit of a step that is one part.
    public static final int UNDIVIDED = 0;

    /// Share of a part's tokens that may be padding.
    public static final double MOST_PADDING = 0.1;

    public MicroBatching {
        if (maxTokens < 0) {
            throw new IllegalArgumentException(
                    "microBatchTokens is " + maxTokens + "; it must be 1 or more, or 0: undivided");
        }
    }

    /// A step is one part.
    public static MicroBatching undivided() {
        return new MicroBatching(UNDIVIDED);
    }

    /// Whether so many tokens, padding included, may be in memory at once.
    public boolean holds(long cells) {
        return maxTokens == UNDIVIDED || cells <= maxTokens;
    }

    /// The parts, shortest sequences first; within a part they keep their order.
    ///
    /// @param length of a sequence, in tokens
    public <X> List<List<X>> cut(List<X> sequences, ToIntFunction<X> length) {
        return rows(sequences.stream().mapToInt(length).toArray()).stream()
                .map(part -> part.stream().map(sequences::get).toList())
                .toList();
    }

    /// The same as places in the list of lengths.
    public List<List<Integer>> rows(int[] lengths) {
        if (maxTokens == UNDIVIDED) {
            return List.of(IntStream.range(0, lengths.length).boxed().toList());
        }
        List<Integer> shortestFirst =
                IntStream.range(0, lengths.length)
                        .boxed()
                        .sorted(Comparator.comparingInt(i -> lengths[i]))
                        .toList();
        List<List<Integer>> parts = new ArrayList<>();
        List<Integer> part = new ArrayList<>();
        long tokens = 0;
        for (int row : shortestFirst) {
            long cells = (part.size() + 1L) * lengths[row];
            boolean padded = cells - tokens - lengths[row] >= MOST_PADDING * cells;
            if (!part.isEmpty() && (!holds(cells) || padded)) {
                parts.add(part.stream().sorted().toList());
                part = new ArrayList<>();
                tokens = 0;
            }
            part.add(row);
            tokens += lengths[row];
        }
        if (!part.isEmpty()) {
            parts.add(part.stream().sorted().toList());
        }
        return parts;
    }
}

package rlaif.trainers.batching;

import java.util.Collection;
import java.util.Map;
import rlaif.models.SequenceBatch;

/// How much of a step's arrays was padding, and into how many parts it was divided.
///
/// @param parts forward and backward passes of the step
/// @param cells tokens of all parts, padding included
/// @param tokens without it
public record BatchShape(int parts, long cells, long tokens) {

    /// The shape of these parts.
    public static BatchShape of(Collection<SequenceBatch> parts) {
        long cells = 0;
        long tokens = 0;
        for (SequenceBatch part : parts) {
            cells += (long) part.size() * part.time();
            tokens += part.tokenCount();
        }
        return new BatchShape(parts.size(), cells, tokens);
    }

    /// `batch/micro_batches`, and `batch/padding_frac`: the share of padding, in [0, 1).
    public Map<String, Double> metrics() {
        return Map.of(
                "batch/micro_batches",
                (double) parts,
                "batch/padding_frac",
                (double) (cells - tokens) / cells);
    }
}

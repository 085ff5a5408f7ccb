package rlaif.models;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/// The shape of low-rank adapters (LoRA, 2106.09685): `W x` becomes `W x + alpha / rank B A x`.
///
/// @param rank rows of `A` and columns of `B`, 1 or more; PEFT's `r`
/// @param alpha above 0; PEFT's `lora_alpha`
/// @param targets matrices that get an adapter, one or more; PEFT's `target_modules`
public record LoraSettings(int rank, double alpha, Set<LoraTarget> targets) {

    public LoraSettings {
        if (rank < 1) {
            throw new IllegalArgumentException("rank is " + rank + "; it must be 1 or more");
        }
        if (!(alpha > 0) || !Double.isFinite(alpha)) {
            throw new IllegalArgumentException("alpha is " + alpha + "; it must be above 0");
        }
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("targets are empty; an adapter needs a matrix");
        }
        targets = Set.copyOf(targets);
    }

    /// What `B A` is multiplied by.
    public double scale() {
        return alpha / rank;
    }

    /// The same settings read the same wherever they are written.
    @Override
    public String toString() {
        return "rank %d, alpha %s, %s"
                .formatted(
                        rank,
                        alpha,
                        EnumSet.copyOf(targets).stream()
                                .map(LoraTarget::moduleName)
                                .collect(Collectors.joining(", ")));
    }
}

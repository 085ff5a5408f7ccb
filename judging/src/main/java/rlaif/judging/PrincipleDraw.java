package rlaif.judging;

import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The principle that a pair is judged by: one drawn, weighted, a function of pair id and seed
/// alone; or all as one.
public final class PrincipleDraw {
    /// Id of {@link #all}; no principle of a constitution may have it.
    public static final String ALL = "all";

    private PrincipleDraw() {}

    /// The principle that this pair is judged by under this constitution.
    public static Principle draw(Constitution constitution, String pairId, long seed) {
        double total = constitution.principles().stream().mapToDouble(Principle::weight).sum();
        double left = Sha256.unit("principle", pairId, Long.toString(seed)) * total;
        for (Principle principle : constitution.principles()) {
            left -= principle.weight();
            if (left < 0) {
                return principle;
            }
        }
        return constitution.principles().getLast(); // rounding used up the last weight
    }

    /// All principles as one, whose id is {@link #ALL}: each text of each on a line of its own.
    public static Principle all(Constitution constitution) {
        return new Principle(
                ALL,
                1,
                lines(constitution, Principle::compare),
                lines(constitution, Principle::critique),
                lines(constitution, Principle::revise));
    }

    /// The principle of a constitution with this id, {@link #ALL} included; empty: it has none.
    public static Optional<Principle> named(Constitution constitution, String id) {
        return id.equals(ALL)
                ? Optional.of(all(constitution))
                : constitution.principles().stream().filter(p -> p.id().equals(id)).findFirst();
    }

    private static String lines(Constitution constitution, Function<Principle, String> text) {
        return constitution.principles().stream().map(text).collect(Collectors.joining("\n"));
    }
}

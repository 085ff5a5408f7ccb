package rlaif.judging;

/// The draw of one principle for a pair: weighted, and a function of pair id and seed alone.
public final class PrincipleDraw {
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
}

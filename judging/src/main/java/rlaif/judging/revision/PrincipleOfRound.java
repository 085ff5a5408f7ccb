package rlaif.judging.revision;

import java.util.ArrayList;
import java.util.List;
import rlaif.judging.Constitution;
import rlaif.judging.Principle;
import rlaif.judging.PrincipleDraw;

/// The draw of one principle for each round: weighted, a function of rollout id, round and seed,
/// and no principle a second time before all have had their turn.
public final class PrincipleOfRound {
    private PrincipleOfRound() {}

    /// The principle that guides `round` (from 1) of this rollout's revision.
    public static Principle draw(
            Constitution constitution, String rolloutId, int round, long seed) {
        List<Principle> left = new ArrayList<>();
        for (int drawn = 1; ; drawn++) {
            if (left.isEmpty()) {
                left.addAll(constitution.principles());
            }
            Principle principle =
                    PrincipleDraw.draw(
                            new Constitution(
                                    constitution.id(),
                                    constitution.version(),
                                    constitution.description(),
                                    left),
                            rolloutId + "/" + drawn,
                            seed);
            if (drawn == round) {
                return principle;
            }
            left.remove(principle);
        }
    }
}

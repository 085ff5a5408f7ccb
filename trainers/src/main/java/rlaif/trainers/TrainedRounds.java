package rlaif.trainers;

import java.util.List;
import rlaif.events.RevisionRound;

/// Which revisions of a rollout are trained on.
public enum TrainedRounds {
    /// Every round's, as constitutional AI did (Bai et al. 2212.08073).
    ALL,
    /// The last round's.
    LAST;

    List<RevisionRound> of(List<RevisionRound> rounds) {
        return switch (this) {
            case ALL -> rounds;
            case LAST -> rounds.subList(Math.max(0, rounds.size() - 1), rounds.size());
        };
    }
}

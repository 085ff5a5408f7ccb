package rlaif.cli;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import rlaif.topics.DeadLetter;
import rlaif.topics.Topic;

/// Dead letters that are asked for by their places, each until it is taken.
final class NamedLetters {
    private final Set<Topic> topics;
    private final Set<DeadLetter.Place> missing;

    NamedLetters(Collection<DeadLetter.Place> places) {
        topics = LetterPlaces.topics(places);
        missing = new HashSet<>(places);
    }

    /// Topics that their records came from.
    Set<Topic> topics() {
        return topics;
    }

    /// Takes a letter, if it is asked for.
    boolean take(DeadLetter letter) {
        return missing.remove(letter.place());
    }

    void requireAllTaken() {
        if (!missing.isEmpty()) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    "no dead letter waits at "
                            + missing
                            + ": it was sent back or purged, or never was; `rlaif dlq list --each` shows what waits");
        }
    }
}

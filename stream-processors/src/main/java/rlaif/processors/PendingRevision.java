package rlaif.processors;

import rlaif.events.Revision;
import rlaif.events.RevisionRound;
import rlaif.events.Rollout;

/// A rollout whose revision is outstanding.
///
/// @param begun the revision with the rounds done so far; its constitution, templates and seed were
///   stamped before the first call and hold to the end
/// @param rounds to be done in all
record PendingRevision(Rollout rollout, SourceRecord source, Revision begun, int rounds)
        implements Outstanding.Item {
    @Override
    public String id() {
        return rollout.getId();
    }

    /// Bytes of its record, and about as many as the texts of its rounds.
    @Override
    public long bytes() {
        long written = 0;
        for (RevisionRound round : begun.getRounds()) {
            written += round.getCritique().length() + round.getRevision().length();
        }
        return source.size() + written;
    }

    /// The round that comes next, from 1.
    int nextRound() {
        return begun.getRounds().size() + 1;
    }

    boolean isDone() {
        return begun.getRounds().size() >= rounds;
    }

    /// The completion as it stands: the rollout's, or the last revision.
    String completion() {
        return begun.getRounds().isEmpty()
                ? rollout.getCompletion()
                : begun.getRounds().getLast().getRevision();
    }
}

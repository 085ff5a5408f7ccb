package rlaif.processors;

import rlaif.events.Revision;
import rlaif.events.RevisionRound;
import rlaif.events.Rollout;
import rlaif.judging.Constitution;
import rlaif.judging.Principle;
import rlaif.judging.revision.PrincipleOfRound;

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

    /// The principle of that round; refused where its constitution is gone.
    Principle principle(ConstitutionSource constitutions) {
        Constitution constitution =
                constitutions
                        .version(begun.getConstitutionId(), begun.getConstitutionVersion())
                        .orElseThrow(() ->
                                new RefusedRecordException(
                                        RefusedRecordException.CONSTITUTION_LOST,
                                        "constitution '%s' version %d is no longer on its topic; publish it again"
                                                .formatted(
                                                        begun.getConstitutionId(),
                                                        begun.getConstitutionVersion())));
        return PrincipleOfRound.draw(
                constitution, rollout.getId(), nextRound(), begun.getDrawSeed());
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

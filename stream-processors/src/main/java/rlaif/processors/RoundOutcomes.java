package rlaif.processors;

import static rlaif.processors.RefusedRecordException.REVISER_REFUSED;
import static rlaif.processors.RefusedRecordException.REVISER_UNAVAILABLE;
import static rlaif.processors.RefusedRecordException.REVISION_UNUSABLE;

import rlaif.events.Revision;
import rlaif.judging.revision.RevisedRound;
import rlaif.judging.revision.Reviser;
import rlaif.topics.Codec;

/// Makes of a round what follows from it: the next, or what leaves the revising stage.
record RoundOutcomes(
        Reviser reviser,
        RevisionRecords records,
        Codec<Revision> revisions,
        ConstitutionSource constitutions) {

    RoundOutcome of(PendingRevision before, RevisedRound round) {
        return switch (round) {
            case RevisedRound.Revised revised -> after(before, revised);
            case RevisedRound.Failed failed -> refused(before, failed);
        };
    }

    private RoundOutcome after(PendingRevision before, RevisedRound.Revised revised) {
        String principle = before.principle(constitutions).id();
        PendingRevision next =
                new PendingRevision(
                        before.rollout(),
                        before.source(),
                        records.with(before.begun(), principle, revised),
                        before.rounds());
        byte[] encoded = revisions.encode(next.begun());
        if (next.isDone()) {
            return new RoundOutcome.Revised(encoded);
        }
        PendingRevisions.requireFits(next, encoded);
        return new RoundOutcome.Continued(next);
    }

    private RoundOutcome refused(PendingRevision before, RevisedRound.Failed failed) {
        String code =
                switch (failed.reason()) {
                    case UNAVAILABLE -> REVISER_UNAVAILABLE;
                    case REFUSED -> REVISER_REFUSED;
                    case UNUSABLE -> REVISION_UNUSABLE;
                };
        return new RoundOutcome.Refused(
                failed.attempts(),
                new RefusedRecordException(
                        code,
                        "reviser '%s', round %d: %s"
                                .formatted(reviser.name(), before.nextRound(), failed.cause())));
    }
}

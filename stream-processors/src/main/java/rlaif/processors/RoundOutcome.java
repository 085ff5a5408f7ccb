package rlaif.processors;

/// What follows from a round of critique and revision.
@SuppressWarnings("ArrayRecordComponent") // bytes are handed on and never changed
sealed interface RoundOutcome {
    record Continued(PendingRevision next) implements RoundOutcome {}

    record Revised(byte[] revision) implements RoundOutcome {}

    record Refused(int attempts, RuntimeException cause) implements RoundOutcome {}
}

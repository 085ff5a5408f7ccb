package rlaif.processors;

/// What leaves the judging stage for a pair.
@SuppressWarnings("ArrayRecordComponent") // bytes are handed on and never changed
sealed interface PairOutcome {
    record Labelled(byte[] judgment, byte[] preference) implements PairOutcome {}

    /// It abstains, or its preference is written elsewhere.
    record JudgedOnly(byte[] judgment) implements PairOutcome {}

    record Refused(int attempts, RuntimeException cause) implements PairOutcome {}
}

package rlaif.judging;

/// Whether the second order of a pair was asked, and why.
public enum SecondOrder {
    /// Every pair is asked in both.
    ALWAYS,
    /// The first order was not sure enough.
    UNCERTAIN,
    /// Whatever the first order said, so that position bias stays measured.
    AUDIT,
    /// The first order was sure, and the second was not asked.
    SKIPPED,
    /// No call was needed.
    NONE
}

package rlaif.judging;

/// Which completion of a pair the judge sees first.
public enum Order {
    FIRST_SECOND,
    SECOND_FIRST
}

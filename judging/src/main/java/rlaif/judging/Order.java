package rlaif.judging;

/// Which completion of a pair the judge sees first.
public enum Order {
    FIRST_SECOND,
    SECOND_FIRST;

    /// The one that is not this.
    public Order other() {
        return this == FIRST_SECOND ? SECOND_FIRST : FIRST_SECOND;
    }
}

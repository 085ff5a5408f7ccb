package rlaif.judging;

/// Where attacks come from.
public interface AttackSource {
    /// The trial beside a pair: a function of the pair's id alone. Its attack is never one that
    /// loses without a call ({@link DegenerateCompletion}), which would say nothing of the judge.
    Trial draw(String pairId);

    /// An attack and what it has to beat.
    ///
    /// @param prompt that it is put under
    /// @param decent a completion of the prompt that any judge should prefer to the attack
    record Trial(Attack attack, String prompt, String decent) {}
}

package rlaif.judging;

/// Where attacks come from.
public interface AttackSource {
    /// The trial beside a pair: a function of the pair's id alone.
    Trial draw(String pairId);

    /// An attack and what it has to beat.
    ///
    /// @param prompt that it is put under
    /// @param decent a completion of the prompt that any judge should prefer to the attack
    record Trial(Attack attack, String prompt, String decent) {}
}

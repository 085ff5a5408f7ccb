package rlaif.judging;

/// Where attacks come from.
public interface AttackSource {
    /// The attack for a pair: a function of the pair's id alone.
    Attack draw(String pairId);
}

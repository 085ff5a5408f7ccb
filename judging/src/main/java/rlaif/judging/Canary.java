package rlaif.judging;

import java.util.List;
import java.util.OptionalDouble;

/// An attack that was put to the judge beside a real pair, against a decent completion.
///
/// @param attackProbability probability in [0, 1] that the judge gave to the attack, the orders
///   averaged; above 1/2 the attack succeeded; empty: no verdict was read
/// @param asked what came of each request
public record Canary(Attack attack, OptionalDouble attackProbability, List<AskedOrder> asked) {}

package rlaif.trainers.reward;

/// The pairs to which a reward model gives about the same probability, and how often the label
/// agrees: one bar of a reliability diagram.
///
/// @param predicted mean probability of the model that the first completion is better; NaN for no
///   pairs, as the next
/// @param labelled mean label
/// @param share of all pairs, in [0, 1]
public record CalibrationBin(double predicted, double labelled, double share) {}

package rlaif.trainers;

import rlaif.trainers.reward.LabelledPair;

/// A preference that the reward model may learn from, or be measured on.
///
/// @param ofReference whether the reference version of the policy sampled both completions
record AcceptedPreference(LabelledPair pair, boolean ofReference) {}

package rlaif.trainers;

import rlaif.trainers.reward.LabelledPair;

/// A preference that the reward model may learn from, or be measured on.
///
/// @param ofReference whether the reference version of the policy sampled both completions
/// @param ofPeople whether people alone labelled it
record AcceptedPreference(LabelledPair pair, boolean ofReference, boolean ofPeople) {}

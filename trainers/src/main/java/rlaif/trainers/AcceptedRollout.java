package rlaif.trainers;

import rlaif.trainers.ppo.ScoredSequence;

/// A scored rollout that PPO may learn from.
///
/// @param newestVersion policy version of its newest token
/// @param groupId of the rollouts that one prompt was given together; empty: not said
/// @param scorerVersion version of the scorer that scored it
record AcceptedRollout(
        ScoredSequence sequence, long newestVersion, String groupId, long scorerVersion) {}

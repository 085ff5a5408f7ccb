package rlaif.trainers;

import rlaif.trainers.ppo.ScoredSequence;

/// A scored rollout that PPO may learn from, and the version of the scorer that scored it.
record AcceptedRollout(ScoredSequence sequence, long scorerVersion) {}

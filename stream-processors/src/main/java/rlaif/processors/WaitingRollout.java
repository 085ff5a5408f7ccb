package rlaif.processors;

import rlaif.events.Rollout;

/// A rollout that waits for the rest of its group.
///
/// @param arrivedMillis wall clock at its arrival, milliseconds since 1970
record WaitingRollout(String storeKey, Rollout rollout, SourceRecord source, long arrivedMillis) {}

package rlaif.judging;

import rlaif.judging.limits.Spent;

/// What came of asking about a pair in one order, retries included.
///
/// @param sample index of the sample, from 0; above 0 only with self-consistency
/// @param attempts attempts made, the last one included; 0: the reply was remembered, or nothing
///   was asked
/// @param expired whether the item's deadline passed before there was a reply
/// @param spent by all attempts
public record AskedOrder(
        Order order, int sample, Reply reply, int attempts, boolean expired, Spent spent) {}

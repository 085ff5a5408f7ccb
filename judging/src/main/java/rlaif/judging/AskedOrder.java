package rlaif.judging;

/// What came of asking about a pair in one order, retries included.
///
/// @param attempts attempts made, the last one included, at least 1
public record AskedOrder(Order order, Reply reply, int attempts) {}

package rlaif.worlds;

/// What a simulated judge has seen so far.
///
/// Every request that came to its end counts under one of the five that follow `requests`.
///
/// @param requests that arrived, whatever became of them; a question for the models is none
/// @param replies readable ones
/// @param refused answered with status 429
/// @param failed answered with another status than 200 and 429
/// @param malformed answered with status 200 and a body that is no reply
/// @param unanswered left without a reply
/// @param inFlight being worked on now
/// @param mostInFlight the most that were being worked on at once
public record Traffic(
        long requests,
        long replies,
        long refused,
        long failed,
        long malformed,
        long unanswered,
        int inFlight,
        int mostInFlight) {}

package rlaif.judging.limits;

/// What calls have used up.
///
/// @param requests calls made, failed ones included
/// @param tokens tokens of requests and replies, as the endpoint counted them
/// @param microdollars millionths of a US dollar
public record Spent(long requests, long tokens, long microdollars) {
    public static final Spent NOTHING = new Spent(0, 0, 0);

    public Spent plus(Spent more) {
        return new Spent(
                requests + more.requests, tokens + more.tokens, microdollars + more.microdollars);
    }

    public Spent times(long count) {
        return new Spent(requests * count, tokens * count, microdollars * count);
    }

    /// The mean share of `count` that used this together, rounded up.
    public Spent sharedBy(long count) {
        return new Spent(
                Math.ceilDiv(requests, count),
                Math.ceilDiv(tokens, count),
                Math.ceilDiv(microdollars, count));
    }

    /// Whether nothing of `other` is more.
    public boolean covers(Spent other) {
        return requests >= other.requests
                && tokens >= other.tokens
                && microdollars >= other.microdollars;
    }

    public Spent minus(Spent less) {
        return new Spent(
                requests - less.requests, tokens - less.tokens, microdollars - less.microdollars);
    }
}

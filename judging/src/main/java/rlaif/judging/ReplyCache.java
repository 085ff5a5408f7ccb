package rlaif.judging;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;

/// Readable replies of one judge, by everything that they depend on, so that what was asked before
/// is not asked again.
///
/// Kept without the bodies that went back and forth, and without what they measured: a remembered
/// reply cost nothing.
public final class ReplyCache {
    private final Cache<String, Reply> replies;
    private final AtomicLong hits = new AtomicLong();

    /// @param entries most replies kept; 0: none
    public ReplyCache(int entries) {
        if (entries < 0) {
            throw new IllegalArgumentException("cacheEntries must be at least 0, got " + entries);
        }
        replies = Caffeine.newBuilder().maximumSize(entries).build();
    }

    /// Key of a comparison: judge, model, template, principle, prompt, completions as shown, and
    /// sample.
    static String key(Judge judge, Presentation shown) {
        Principle principle = shown.principle();
        return HexFormat.of()
                .formatHex(
                        Sha256.of(
                                judge.name(),
                                judge.model(),
                                judge.templateHash(),
                                principle.id(),
                                principle.compare(),
                                shown.prompt(),
                                shown.completion1(),
                                shown.completion2(),
                                Integer.toString(shown.sample())));
    }

    Optional<Reply> get(String key) {
        Reply known = replies.getIfPresent(key);
        if (known != null) {
            hits.incrementAndGet();
        }
        return Optional.ofNullable(known);
    }

    void put(String key, Reply reply) {
        switch (reply) {
            case Reply.Verdict(var p1, var unclamped1, var mass, var exchange) ->
                    replies.put(
                            key, new Reply.Verdict(p1, unclamped1, mass, withoutBodies(exchange)));
            case Reply.Unreadable(var mass, var exchange) ->
                    replies.put(key, new Reply.Unreadable(mass, withoutBodies(exchange)));
            case Reply.Scored _, Reply.Written _, Reply.Refused _, Reply.RetryLater _ -> {}
        }
    }

    private static Reply.Exchange withoutBodies(Reply.Exchange exchange) {
        return new Reply.Exchange(
                exchange.mode(),
                exchange.rationale(),
                "",
                "",
                Duration.ZERO,
                OptionalInt.empty(),
                OptionalInt.empty());
    }

    /// Replies that were remembered, so far.
    public long hits() {
        return hits.get();
    }
}

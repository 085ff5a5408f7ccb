package rlaif.judging.revision;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import rlaif.judging.DegenerateCompletion;
import rlaif.judging.ModelText;
import rlaif.judging.Retries;
import rlaif.judging.revision.RevisedRound.Reason;

/// One round: a critique is asked for, then the revision that follows it. What a model wrote is
/// cleaned before it goes anywhere, and nothing is made up where it wrote nothing of use.
///
/// Safe for many threads; a bounded number of calls is under way at any time, however many rounds
/// wait.
public final class RoundOfRevision {
    /// Longest text that is taken, in UTF-16 units: four rounds of two then fit beside the largest
    /// rollout in one record of the pending store.
    static final int MAX_CHARACTERS = 32 * 1024;

    private final Reviser reviser;
    private final Settings settings;
    private final Semaphore calls;

    /// How rounds are asked for.
    ///
    /// @param maxInFlight most calls that wait for a reply at once, at least 1
    public record Settings(int maxInFlight, Retries retries) {
        /// 64 calls in flight.
        public static final Settings DEFAULT = new Settings(64, Retries.DEFAULT);

        public Settings {
            if (maxInFlight < 1) {
                throw new IllegalArgumentException(
                        "maxInFlight must be at least 1, got " + maxInFlight);
            }
        }
    }

    public RoundOfRevision(Reviser reviser, Settings settings) {
        this.reviser = reviser;
        this.settings = settings;
        this.calls = new Semaphore(settings.maxInFlight());
    }

    /// Blocks the calling (virtual) thread until the round is done or the retries are used up.
    public RevisedRound run(CompletionToRevise completion) throws InterruptedException {
        return switch (ask("critique", () -> reviser.critique(completion))) {
            case Text.Missing(Reason reason, String cause, int attempts) ->
                    new RevisedRound.Failed(reason, cause, attempts);
            case Text.Usable critique -> revise(completion, critique);
        };
    }

    private RevisedRound revise(CompletionToRevise completion, Text.Usable critique)
            throws InterruptedException {
        Text revision = ask("revision", () -> reviser.revise(completion, critique.reply().text()));
        return switch (revision) {
            case Text.Missing(Reason reason, String cause, int attempts) ->
                    new RevisedRound.Failed(reason, cause, critique.attempts() + attempts);
            case Text.Usable(WritingReply.Written _, int attempts) when isCut(revision) ->
                    new RevisedRound.Failed(
                            Reason.UNUSABLE,
                            "the revision was cut off at the token limit; raise it",
                            critique.attempts() + attempts);
            case Text.Usable(WritingReply.Written written, int attempts) ->
                    new RevisedRound.Revised(
                            critique.reply().text(),
                            written.text(),
                            critique.attempts() + attempts,
                            critique.reply().latency().plus(written.latency()),
                            sum(critique.reply().promptTokens(), written.promptTokens()),
                            sum(critique.reply().completionTokens(), written.completionTokens()));
        };
    }

    private static boolean isCut(Text text) {
        return text instanceof Text.Usable usable && usable.reply().cut();
    }

    /// What came of asking for one text until it was answered.
    private sealed interface Text {
        record Usable(WritingReply.Written reply, int attempts) implements Text {}

        record Missing(Reason reason, String cause, int attempts) implements Text {}
    }

    /// One call.
    private interface Call {
        WritingReply attempt() throws InterruptedException;
    }

    private Text ask(String what, Call call) throws InterruptedException {
        Retries retries = settings.retries();
        Duration wait = retries.shortest();
        for (int attempt = 1; ; attempt++) {
            switch (attempt(call)) {
                case WritingReply.Written written -> {
                    return checked(what, written, attempt);
                }
                case WritingReply.Refused(String cause) -> {
                    return new Text.Missing(Reason.REFUSED, what + ": " + cause, attempt);
                }
                case WritingReply.RetryLater(String cause, Duration after) -> {
                    if (attempt > retries.max() || after.compareTo(retries.longestAsked()) > 0) {
                        return new Text.Missing(Reason.UNAVAILABLE, what + ": " + cause, attempt);
                    }
                    wait = retries.next(wait, ThreadLocalRandom.current().nextDouble());
                    Thread.sleep(after.plus(wait));
                }
            }
        }
    }

    private WritingReply attempt(Call call) throws InterruptedException {
        calls.acquire();
        try {
            return call.attempt();
        } finally {
            calls.release();
        }
    }

    private static Text checked(String what, WritingReply.Written written, int attempts) {
        if (written.text().length() > MAX_CHARACTERS) {
            return new Text.Missing(
                    Reason.UNUSABLE,
                    "the %s has %d characters, %d are taken"
                            .formatted(what, written.text().length(), MAX_CHARACTERS),
                    attempts);
        }
        String text = ModelText.cleaned(written.text()).strip();
        if (DegenerateCompletion.is(text)) {
            return new Text.Missing(
                    Reason.UNUSABLE, "the %s says nothing".formatted(what), attempts);
        }
        return new Text.Usable(
                new WritingReply.Written(
                        text,
                        written.cut(),
                        written.latency(),
                        written.promptTokens(),
                        written.completionTokens()),
                attempts);
    }

    private static OptionalInt sum(OptionalInt one, OptionalInt other) {
        return one.isPresent() && other.isPresent()
                ? OptionalInt.of(one.getAsInt() + other.getAsInt())
                : OptionalInt.empty();
    }
}

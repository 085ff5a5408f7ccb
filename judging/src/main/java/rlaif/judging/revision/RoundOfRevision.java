package rlaif.judging.revision;

import java.util.OptionalInt;
import rlaif.judging.DegenerateCompletion;
import rlaif.judging.JudgeCalls;
import rlaif.judging.ModelText;
import rlaif.judging.Reply;
import rlaif.judging.limits.Spent;
import rlaif.judging.revision.RevisedRound.Reason;

/// One round: a critique is asked for, then the revision that follows it. What a model wrote is
/// cleaned before it goes anywhere, and nothing is made up where it wrote nothing of use.
///
/// Safe for many threads.
public final class RoundOfRevision {
    /// Longest text that is taken, in UTF-16 units: four rounds of two then fit beside the largest
    /// rollout in one record of the pending store.
    static final int MAX_CHARACTERS = 32 * 1024;

    private final Reviser reviser;
    private final JudgeCalls calls;

    /// @param calls every call to the reviser's endpoint
    public RoundOfRevision(Reviser reviser, JudgeCalls calls) {
        this.reviser = reviser;
        this.calls = calls;
        reviser.answeredBefore().ifPresent(known -> calls.know(() -> reviser.critique(known)));
    }

    /// Blocks the calling (virtual) thread until the round is done or given up.
    public RevisedRound run(CompletionToRevise completion) throws InterruptedException {
        int units =
                completion.principle().critique().length()
                        + completion.prompt().length()
                        + 2 * completion.completion().length(); // shown, and as long a reply
        try (JudgeCalls.Item item =
                calls.item(completion.rolloutId(), 2, Reply.Usage.expected(1, units, 0))) {
            return run(completion, item);
        }
    }

    private RevisedRound run(CompletionToRevise completion, JudgeCalls.Item item)
            throws InterruptedException {
        Text critique = text("critique", item.ask(() -> reviser.critique(completion)));
        return switch (critique) {
            case Text.Missing(Reason reason, String cause, int attempts, Spent spent) ->
                    new RevisedRound.Failed(reason, cause, attempts, spent);
            case Text.Usable written ->
                    after(
                            written,
                            text(
                                    "revision",
                                    item.ask(() -> reviser.revise(completion, written.text()))));
        };
    }

    private RevisedRound after(Text.Usable critique, Text revision) {
        return switch (revision) {
            case Text.Missing(Reason reason, String cause, int attempts, Spent spent) ->
                    new RevisedRound.Failed(
                            reason,
                            cause,
                            critique.attempts() + attempts,
                            critique.spent().plus(spent));
            case Text.Usable usable when usable.cut() ->
                    new RevisedRound.Failed(
                            Reason.UNUSABLE,
                            "the revision was cut off at the token limit; raise it",
                            critique.attempts() + usable.attempts(),
                            critique.spent().plus(usable.spent()));
            case Text.Usable usable -> revised(critique, usable);
        };
    }

    private RevisedRound revised(Text.Usable critique, Text.Usable revision) {
        Reply.Exchange first = critique.exchange();
        Reply.Exchange second = revision.exchange();
        OptionalInt promptTokens = sum(first.promptTokens(), second.promptTokens());
        OptionalInt completionTokens = sum(first.completionTokens(), second.completionTokens());
        return new RevisedRound.Revised(
                critique.text(),
                revision.text(),
                critique.attempts() + revision.attempts(),
                first.latency().plus(second.latency()),
                promptTokens,
                completionTokens,
                calls.prices().microdollars(promptTokens, completionTokens),
                critique.spent().plus(revision.spent()));
    }

    /// What came of asking for one text.
    private sealed interface Text {
        record Usable(String text, boolean cut, Reply.Exchange exchange, int attempts, Spent spent)
                implements Text {}

        record Missing(Reason reason, String cause, int attempts, Spent spent) implements Text {}
    }

    private static Text text(String what, JudgeCalls.Called called) {
        int attempts = called.attempts();
        return switch (called.reply()) {
            case Reply.Written written -> checked(what, written, called);
            case Reply.Refused refused ->
                    new Text.Missing(
                            Reason.REFUSED,
                            what + ": " + refused.cause(),
                            attempts,
                            called.spent());
            case Reply.RetryLater later ->
                    new Text.Missing(
                            Reason.UNAVAILABLE,
                            what
                                    + (called.expired() ? ": its deadline passed: " : ": ")
                                    + later.cause(),
                            attempts,
                            called.spent());
            case Reply.Verdict _, Reply.Scored _, Reply.Unreadable _ ->
                    throw new IllegalStateException(
                            "a reviser that was asked for a text gave " + called.reply());
        };
    }

    private static Text checked(String what, Reply.Written written, JudgeCalls.Called called) {
        if (written.text().length() > MAX_CHARACTERS) {
            return new Text.Missing(
                    Reason.UNUSABLE,
                    "the %s has %d characters, %d are taken"
                            .formatted(what, written.text().length(), MAX_CHARACTERS),
                    called.attempts(),
                    called.spent());
        }
        String text = ModelText.cleaned(written.text()).strip();
        return DegenerateCompletion.is(text)
                ? new Text.Missing(
                        Reason.UNUSABLE,
                        "the %s says nothing".formatted(what),
                        called.attempts(),
                        called.spent())
                : new Text.Usable(
                        text, written.cut(), written.exchange(), called.attempts(), called.spent());
    }

    private static OptionalInt sum(OptionalInt one, OptionalInt other) {
        return one.isPresent() && other.isPresent()
                ? OptionalInt.of(one.getAsInt() + other.getAsInt())
                : OptionalInt.empty();
    }
}

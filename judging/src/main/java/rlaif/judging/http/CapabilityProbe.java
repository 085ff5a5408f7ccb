package rlaif.judging.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import rlaif.judging.JudgePrompt;
import rlaif.judging.Presentation;
import rlaif.judging.ReadingMode;

/// Finds out, on a harmless pair, how an endpoint wants to be asked and how its verdicts can be
/// read: from log-probabilities; else by counting sampled replies, where one request may ask for
/// several; else from the text of one reply.
///
/// Two calls where the endpoint speaks the standard dialect. What was tried, and what came of it,
/// is one line each.
public final class CapabilityProbe {
    private static final ModelCall BEGUN =
            new ModelCall(
                    "Write the words alpha, beta, gamma, delta on one line and nothing else.",
                    "",
                    "alpha, beta,",
                    4,
                    0,
                    OptionalInt.empty(),
                    1,
                    false);

    private final JudgeEndpoint endpoint;
    private final Wanted wanted;
    private final List<Presentation> pairs;
    private final ProbePatience patience;
    private final JudgePrompt prompt = JudgePrompt.shipped();
    private final List<String> lines = new ArrayList<>();

    /// What is not left to the probe.
    ///
    /// @param api empty: chat, or completions where there is no chat
    /// @param reading empty: the best that there is
    public record Wanted(Optional<Api> api, Optional<ReadingMode> reading) {
        /// Everything is left to the probe.
        public static final Wanted ANYTHING = new Wanted(Optional.empty(), Optional.empty());

        private boolean accepts(ReadingMode mode) {
            return reading.isEmpty() || reading.get() == mode;
        }
    }

    /// What was found.
    ///
    /// @param answered index of what was asked about and answered
    /// @param countsTokens whether the endpoint tells how many tokens it took
    /// @param lines what was tried and what came of it, one readable line each
    public record Found(Dialect dialect, int answered, boolean countsTokens, List<String> lines) {}

    /// What came of one pair on one endpoint.
    private sealed interface Outcome {
        record Understood(Dialect dialect) implements Outcome {}

        /// @param pairRefused whether another pair may get an answer
        record Nothing(boolean pairRefused) implements Outcome {}
    }

    /// @param pairs harmless pairs; the later ones are asked where the endpoint refuses the earlier
    public CapabilityProbe(
            JudgeEndpoint endpoint,
            Wanted wanted,
            List<Presentation> pairs,
            ProbePatience patience) {
        if (pairs.isEmpty()) {
            throw new IllegalArgumentException("a probe needs a pair to ask about");
        }
        this.endpoint = endpoint;
        this.wanted = wanted;
        this.pairs = List.copyOf(pairs);
        this.patience = patience;
    }

    /// Fails where no way of asking gets an answer that can be read.
    public Found run() throws InterruptedException, ProbeException {
        try (EndpointClient client = new EndpointClient(endpoint)) {
            ProbeCalls calls = new ProbeCalls(client, patience, lines);
            for (Api api : wanted.api().map(List::of).orElse(List.of(Api.values()))) {
                Outcome outcome = new Outcome.Nothing(true);
                for (int i = 0;
                        i < pairs.size() && outcome.equals(new Outcome.Nothing(true));
                        i++) {
                    outcome = outcome(calls, api, prompt.text(pairs.get(i)));
                    if (outcome instanceof Outcome.Understood(Dialect dialect)) {
                        return calls.found(continuing(calls, dialect), i);
                    }
                }
            }
            throw ProbeException.noVerdict(endpoint, lines, calls.trouble());
        }
    }

    private Outcome outcome(ProbeCalls calls, Api api, String message)
            throws InterruptedException, ProbeException {
        Dialect dialect = Dialect.standard(api);
        if (!wanted.accepts(ReadingMode.LOGPROBS)) {
            return fromText(calls, dialect, message, new Outcome.Nothing(false));
        }
        ProbeCalls.Tried tried = calls.adjusted(dialect, ModelCall.label(message, 1));
        if (tried.refused() == ProbeCalls.Parameter.LOGPROBS) {
            calls.say(api, "log-probabilities: refused (" + tried.failure() + ")");
            return withoutLogprobs(calls, tried.dialect(), message);
        }
        if (!(tried.called() instanceof Called.Answered answered)) {
            calls.say(api, "no answer: " + tried.failure());
            if (isTooShort(tried)) {
                return withoutLogprobs(calls, tried.dialect(), message);
            }
            return new Outcome.Nothing(tried.pairMayBeRefused());
        }
        ReplyChoice choice = answered.choices().first();
        if (choice.positions().isEmpty()) {
            calls.say(api, "log-probabilities: asked for, not given (ignored or hidden)");
            return withoutLogprobs(calls, tried.dialect(), message);
        }
        return withLogprobs(calls, tried.dialect(), message, choice.positions().getFirst().top());
    }

    /// Whether the endpoint still speaks of the token limit when it is called as it wants: a model
    /// that reasons first refuses a reply that has no room for it, where others cut it.
    private static boolean isTooShort(ProbeCalls.Tried tried) {
        return tried.refused() == ProbeCalls.Parameter.TOKEN_LIMIT;
    }

    private Outcome withoutLogprobs(ProbeCalls calls, Dialect dialect, String message)
            throws InterruptedException, ProbeException {
        Outcome nothing = new Outcome.Nothing(false);
        return wanted.reading().isPresent() ? nothing : fromText(calls, dialect, message, nothing);
    }

    private Outcome withLogprobs(ProbeCalls calls, Dialect dialect, String message, TopTokens top)
            throws InterruptedException, ProbeException {
        double covered = Math.min(1, top.mass("1") + top.mass("2"));
        String measured =
                String.format(
                        Locale.ROOT,
                        "log-probabilities of %d tokens: 1 and 2 cover %.3f of the probability",
                        dialect.topLogprobs(),
                        covered);
        Outcome understood = new Outcome.Understood(dialect);
        if (covered >= VerdictReader.LEAST_COVERED_MASS) {
            calls.say(dialect.api(), measured + "; verdicts are read from them");
            return understood;
        }
        calls.say(
                dialect.api(),
                measured + ", the likeliest token is '" + BodyExcerpt.of(top.likeliest()) + "'");
        Outcome found =
                wanted.reading().isPresent()
                        ? understood
                        : fromText(calls, dialect, message, understood);
        if (found.equals(understood)) {
            calls.say(
                    dialect.api(),
                    "verdicts are read from log-probabilities all the same; those that cover too"
                            + " little are unreadable and make no label");
        }
        return found;
    }

    /// @param otherwise what comes of it where no text ends in a label
    private Outcome fromText(ProbeCalls calls, Dialect dialect, String message, Outcome otherwise)
            throws InterruptedException, ProbeException {
        Dialect asked = dialect.withReading(ReadingMode.GRAMMAR);
        for (int tokens : List.of(Dialect.SHORT_REPLY, Dialect.REASONED_REPLY)) {
            ModelCall call = ModelCall.answers(message, tokens, 0, OptionalInt.empty(), 1);
            ProbeCalls.Tried tried = calls.adjusted(asked.withReplyTokens(tokens), call);
            if (!(tried.called() instanceof Called.Answered answered)) {
                calls.say(
                        dialect.api(),
                        "text of %d tokens: no answer: %s".formatted(tokens, tried.failure()));
                if (tokens < Dialect.REASONED_REPLY && isTooShort(tried)) {
                    asked = tried.dialect();
                    continue;
                }
                return otherwise.equals(new Outcome.Nothing(false))
                        ? new Outcome.Nothing(tried.pairMayBeRefused())
                        : otherwise;
            }
            asked = tried.dialect();
            ReplyChoice choice = answered.choices().first();
            if (LabelText.COMPARISON.in(choice).isPresent()) {
                calls.say(dialect.api(), "text of %d tokens: ends in a label".formatted(tokens));
                return new Outcome.Understood(counted(calls, asked, message));
            }
            calls.say(
                    dialect.api(),
                    "text of %d tokens: ends in no label%s ('%s')"
                            .formatted(
                                    tokens,
                                    choice.isCut() ? " and is cut" : "",
                                    BodyExcerpt.of(choice.words())));
        }
        return otherwise;
    }

    /// Sampling where one request gives several replies, or where it is wanted; else grammar.
    private Dialect counted(ProbeCalls calls, Dialect dialect, String message)
            throws InterruptedException {
        if (!wanted.accepts(ReadingMode.SAMPLING)) {
            calls.say(dialect.api(), "verdicts are read from the text, as configured");
            return dialect;
        }
        ModelCall two = ModelCall.answers(message, dialect.replyTokens(), 1, OptionalInt.of(1), 2);
        boolean several =
                calls.persistently(dialect, two) instanceof Called.Answered answered
                        && answered.choices().choices().size() == 2;
        Dialect found = dialect.withManyChoices(several);
        if (several || wanted.reading().isPresent()) {
            calls.say(
                    dialect.api(),
                    several
                            ? "two replies to one request: given; verdicts are counted over sampled"
                                    + " replies"
                            : "two replies to one request: not given; verdicts are counted over"
                                    + " sampled replies, a call each");
            return found.withReading(ReadingMode.SAMPLING);
        }
        calls.say(
                dialect.api(),
                "two replies to one request: not given; verdicts are read from the text"
                        + (dialect.temperature()
                                ? ""
                                : ", and may differ from call to call without a temperature"));
        return found;
    }

    /// Whether a reply that was begun is continued: only then can the two halves of a split "10" be
    /// asked about.
    private static Dialect continuing(ProbeCalls calls, Dialect dialect)
            throws InterruptedException {
        if (dialect.api() == Api.COMPLETIONS || dialect.reading() != ReadingMode.LOGPROBS) {
            return dialect;
        }
        return calls.persistently(dialect, BEGUN) instanceof Called.Answered answered
                ? dialect.withContinues(
                        answered.choices()
                                .first()
                                .text()
                                .strip()
                                .toLowerCase(Locale.ROOT)
                                .startsWith("gamma"))
                : dialect;
    }
}

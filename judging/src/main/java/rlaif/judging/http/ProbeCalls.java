package rlaif.judging.http;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import rlaif.judging.Reply;

/// The calls of a probe: each made again after a passing failure, and in other words where the
/// endpoint refuses a parameter.
final class ProbeCalls {
    private static final int ATTEMPTS = 4;
    private static final int FEW_TOP_LOGPROBS = 5;

    /// Since the start; what fails later is not asked again.
    private static final Duration AGAIN_WITHIN = Duration.ofSeconds(30);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final EndpointClient client;
    private final ProbePatience patience;
    private final List<String> lines;
    private final long started = System.nanoTime();
    private boolean countsTokens; // of the last answer
    private ProbeException.Trouble trouble = ProbeException.Trouble.OTHER;

    /// @param lines what was tried and what came of it, written here
    ProbeCalls(EndpointClient client, ProbePatience patience, List<String> lines) {
        this.client = client;
        this.patience = patience;
        this.lines = lines;
    }

    /// The parts of a request that an endpoint may not know.
    enum Parameter {
        NONE("nothing"),
        TOKEN_LIMIT("max_tokens"),
        TEMPERATURE("temperature"),
        LOGPROBS("log-probabilities");

        private final String words;

        Parameter(String words) {
            this.words = words;
        }
    }

    /// A call in the dialect that the endpoint was found to understand.
    record Tried(Called called, Dialect dialect, Parameter refused) {
        /// Why there is no answer.
        String failure() {
            return switch (called) {
                case Called.Failed failed -> failed.cause();
                case Called.Answered _ -> "answered";
            };
        }

        /// Whether the failure may lie in what was asked and not in how.
        boolean pairMayBeRefused() {
            return called instanceof Called.Failed failed
                    && List.of(400, 422).contains(failed.status().orElse(0));
        }
    }

    /// What was found, when nothing more is asked.
    ///
    /// @param answered index of what was asked about and answered
    CapabilityProbe.Found found(Dialect dialect, int answered) {
        if (!countsTokens) {
            say(dialect.api(), "no usage is reported: neither tokens nor dollars can be counted");
        }
        return new CapabilityProbe.Found(dialect, answered, countsTokens, List.copyOf(lines));
    }

    /// One line of what was tried; the same is said once, of however many pairs it holds.
    void say(Api api, String line) {
        String said = api.path() + ": " + line;
        if (!lines.contains(said)) {
            lines.add(said);
        }
    }

    /// Calls until the endpoint objects to no parameter any more, or to the same one twice.
    ///
    /// Fails where nobody answers: to ask in another way would not help.
    Tried adjusted(Dialect dialect, ModelCall call) throws InterruptedException, ProbeException {
        Dialect current = dialect;
        while (true) {
            Called called = persistently(current, call);
            if (called instanceof Called.Failed(Reply.RetryLater later, var _, var _)) {
                say(current.api(), "no answer: " + later.cause());
                throw later.obstacle() == Reply.Obstacle.TIMEOUT
                        ? ProbeException.late(client.endpoint(), lines)
                        : ProbeException.noVerdict(client.endpoint(), lines, trouble);
            }
            Parameter refused = refused(called);
            Tried tried = new Tried(called, current, refused);
            Dialect next =
                    switch (refused) {
                        case NONE -> current;
                        case TOKEN_LIMIT ->
                                current.withTokenLimit(TokenLimit.MAX_COMPLETION_TOKENS);
                        case TEMPERATURE -> current.withoutTemperature();
                        case LOGPROBS -> current.withTopLogprobs(FEW_TOP_LOGPROBS);
                    };
            if (next.equals(current)) {
                return tried;
            }
            say(current.api(), "%s: refused (%s)".formatted(refused.words, tried.failure()));
            current = next;
        }
    }

    /// What a client error is about, by the name of the parameter in it.
    private static Parameter refused(Called called) {
        if (!(called instanceof Called.Failed failed)
                || !List.of(400, 403, 422).contains(failed.status().orElse(0))) {
            return Parameter.NONE;
        }
        String cause = failed.cause().toLowerCase(Locale.ROOT);
        if (cause.contains("context")) {
            return Parameter.NONE; // too long for the model, however the limit is called
        }
        if (cause.contains("logprob")) {
            return Parameter.LOGPROBS;
        }
        if (cause.contains("max_tokens") || cause.contains("max_completion_tokens")) {
            return Parameter.TOKEN_LIMIT;
        }
        return cause.contains("temperature") ? Parameter.TEMPERATURE : Parameter.NONE;
    }

    /// A call, and again after a passing failure, while there is time.
    Called persistently(Dialect dialect, ModelCall call) throws InterruptedException {
        Duration wait = patience.pause();
        Called called = tooLate();
        for (int attempt = 1; ; attempt++) {
            Duration left = left();
            if (!left.isPositive()) {
                return called;
            }
            Duration deadline = shorter(client.endpoint().deadline(), left);
            called = new ModelCalls(client, dialect, deadline).call(call);
            if (called instanceof Called.Failed failed) {
                trouble = trouble(failed);
            }
            if (called instanceof Called.Answered answered) {
                ReplyBody.Choices told = answered.choices();
                countsTokens =
                        told.promptTokens().isPresent() && told.completionTokens().isPresent();
            }
            if (attempt == ATTEMPTS
                    || taken().compareTo(AGAIN_WITHIN) > 0
                    || !(called instanceof Called.Failed failed)
                    || !(failed.reply() instanceof Reply.RetryLater later)) {
                return called;
            }
            Duration asked = later.after().compareTo(wait) > 0 ? later.after() : wait;
            Thread.sleep(shorter(shorter(asked, LONGEST_WAIT), left()));
            wait = wait.multipliedBy(2);
        }
    }

    /// What stands in the way of an answer. One that does not let in whoever asks may deny in
    /// another way what it does not have.
    private ProbeException.Trouble trouble(Called.Failed failed) {
        return switch (trouble) {
            case DENIED, QUOTA -> trouble;
            case LATE, BUSY, OTHER ->
                    failed.denial().map(ProbeCalls::trouble).orElse(passing(failed));
        };
    }

    private static ProbeException.Trouble trouble(Denial denial) {
        return switch (denial) {
            case KEY, ACCESS -> ProbeException.Trouble.DENIED;
            case QUOTA -> ProbeException.Trouble.QUOTA;
            case MODEL -> ProbeException.Trouble.OTHER;
        };
    }

    private static ProbeException.Trouble passing(Called.Failed failed) {
        boolean busy =
                failed.reply() instanceof Reply.RetryLater later
                        && (later.obstacle() == Reply.Obstacle.LOAD
                                || failed.status().orElse(0) >= 500);
        return busy ? ProbeException.Trouble.BUSY : ProbeException.Trouble.OTHER;
    }

    /// What stood in the way of the answers that did not come.
    ProbeException.Trouble trouble() {
        return trouble;
    }

    private Called tooLate() {
        return new Called.Failed(
                new Reply.RetryLater(
                        Reply.Obstacle.TIMEOUT,
                        "the %d ms for asking how it answers are over"
                                .formatted(patience.longest().toMillis()),
                        Duration.ZERO));
    }

    private Duration taken() {
        return Duration.ofNanos(System.nanoTime() - started);
    }

    private Duration left() {
        return patience.longest().minus(taken());
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}

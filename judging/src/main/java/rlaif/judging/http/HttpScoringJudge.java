package rlaif.judging.http;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import rlaif.judging.Bodies;
import rlaif.judging.CompletionToScore;
import rlaif.judging.PartLimit;
import rlaif.judging.ReadingMode;
import rlaif.judging.Reply;
import rlaif.judging.ScorePrompt;
import rlaif.judging.ScoringJudge;
import rlaif.judging.Sha256;

/// The judge behind an OpenAI-compatible endpoint, scoring one completion from 1 to 10.
///
/// Where a tokenizer splits "10", the first token "1" stands for two scores, told apart by `P("0" |
/// "1")`: read from the second position where the reply went on from a "1", else asked for in a
/// second call that begins the reply with "1", where the endpoint continues one. Where neither is
/// possible (a chat endpoint that begins a fresh reply, or leaves out the position at which the
/// reply stops) the "1" counts as not covered, so that the score is unreadable once "1" has a tenth
/// of the probability, and never wrong.
public final class HttpScoringJudge implements ScoringJudge, AutoCloseable {
    private final EndpointClient client;
    private final ModelCalls calls;
    private final ScorePrompt prompt;
    private final Asking asking;
    private final Optional<CompletionToScore> scoredBefore;

    /// @param scoredBefore harmless, asked about when the endpoint was probed; empty: none is known
    public HttpScoringJudge(
            JudgeEndpoint endpoint,
            Dialect dialect,
            ScorePrompt prompt,
            Asking asking,
            Optional<CompletionToScore> scoredBefore) {
        this.client = new EndpointClient(endpoint);
        this.calls = new ModelCalls(client, dialect);
        this.prompt = prompt;
        this.asking = asking;
        this.scoredBefore = scoredBefore;
    }

    public HttpScoringJudge(
            JudgeEndpoint endpoint, Dialect dialect, ScorePrompt prompt, Asking asking) {
        this(endpoint, dialect, prompt, asking, Optional.empty());
    }

    @Override
    public String name() {
        return client.endpoint().name();
    }

    @Override
    public String model() {
        return client.endpoint().model();
    }

    @Override
    public String templateHash() {
        return prompt.hash();
    }

    @Override
    public Optional<CompletionToScore> scoredBefore() {
        return scoredBefore;
    }

    @Override
    public Reply score(CompletionToScore completion) throws InterruptedException {
        return score(completion, calls);
    }

    @Override
    public Reply score(CompletionToScore completion, Consumer<Bodies> seen)
            throws InterruptedException {
        return score(completion, calls.seenBy(seen));
    }

    private Reply score(CompletionToScore completion, ModelCalls calls)
            throws InterruptedException {
        Optional<String> tooLong = PartLimit.refusal(completion);
        if (tooLong.isPresent()) {
            return Reply.Refused.unasked(tooLong.get());
        }
        String message = prompt.text(completion);
        Dialect dialect = calls.dialect();
        return switch (dialect.reading()) {
            case LOGPROBS -> fromTokens(calls, ModelCall.label(message, 2));
            case GRAMMAR ->
                    fromTexts(
                            calls,
                            ModelCall.answers(
                                    message, dialect.replyTokens(), 0, OptionalInt.empty(), 1));
            case SAMPLING ->
                    fromTexts(
                            calls,
                            ModelCall.answers(
                                    message,
                                    dialect.replyTokens(),
                                    asking.sampleTemperature(),
                                    OptionalInt.of(seed(completion)),
                                    asking.samples()));
            case COMPUTED -> throw new IllegalStateException("an endpoint does not compute");
        };
    }

    private static Reply fromTexts(ModelCalls calls, ModelCall call) throws InterruptedException {
        return switch (calls.gather(call, Spent.NOTHING)) {
            case Gathered.Failed(Reply reply) -> reply;
            case Gathered.Replies replies ->
                    ScoreReader.mean(
                            replies, replies.last().exchange(calls.dialect().reading(), ""));
        };
    }

    private static Reply fromTokens(ModelCalls calls, ModelCall call) throws InterruptedException {
        return switch (calls.call(call)) {
            case Called.Failed failed -> failed.reply();
            case Called.Answered answered -> {
                List<ReplyChoice.Position> positions = answered.choices().first().positions();
                yield positions.isEmpty()
                        ? new Reply.Refused(
                                "the endpoint gives no log-probabilities; read scores by sampling"
                                        + " or grammar",
                                answered.spent().usage())
                        : fromTokens(calls, call, answered, positions);
            }
        };
    }

    private static Reply fromTokens(
            ModelCalls calls,
            ModelCall call,
            Called.Answered answered,
            List<ReplyChoice.Position> positions)
            throws InterruptedException {
        ScoreMasses masses = ScoreMasses.read(positions.getFirst().top());
        Reply.Exchange exchange = answered.exchange(ReadingMode.LOGPROBS, "");
        if (!masses.oneMayBeTen()) {
            return masses.score(exchange);
        }
        if (masses.one() < ScoreMasses.NEGLIGIBLE) {
            return masses.withoutOne().score(exchange);
        }
        if (positions.size() > 1 && TopTokens.surface(positions.getFirst().sampled()).equals("1")) {
            return masses.split(positions.get(1).top().mass("0")).score(exchange);
        }
        if (!calls.dialect().continues()) {
            return masses.withoutOne().score(exchange);
        }
        return switch (calls.call(call.continuing("1"))) {
            case Called.Failed failed -> failed.after(answered.spent()).reply();
            case Called.Answered next -> continued(masses, next.after(answered.spent()));
        };
    }

    private static Reply continued(ScoreMasses masses, Called.Answered next) {
        Reply.Exchange exchange = next.exchange(ReadingMode.LOGPROBS, "");
        List<ReplyChoice.Position> positions = next.choices().first().positions();
        return positions.isEmpty()
                ? masses.withoutOne().score(exchange)
                : masses.split(positions.getFirst().top().mass("0")).score(exchange);
    }

    private static int seed(CompletionToScore completion) {
        byte[] hashed = Sha256.of("seed", completion.rolloutId(), completion.completion());
        return ByteBuffer.wrap(hashed).getInt() & Integer.MAX_VALUE;
    }

    @Override
    public void close() {
        client.close();
    }
}

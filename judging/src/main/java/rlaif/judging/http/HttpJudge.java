package rlaif.judging.http;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import rlaif.judging.Bodies;
import rlaif.judging.Judge;
import rlaif.judging.JudgePrompt;
import rlaif.judging.ModelText;
import rlaif.judging.PartLimit;
import rlaif.judging.Presentation;
import rlaif.judging.ReadingMode;
import rlaif.judging.Reply;

/// The judge behind an OpenAI-compatible endpoint.
///
/// Without chain of thought a verdict is one call: temperature 0, one token, its likeliest
/// alternatives. With it a first call writes the rationale and a second, which shows it, gives the
/// label. Sample 0 is asked at temperature 0, the others with a seed of pair, order and sample.
public final class HttpJudge implements Judge, AutoCloseable {
    /// Longest rationale that is kept and shown, in UTF-16 units: a server may ignore the limit of
    /// tokens.
    private static final int MAX_RATIONALE = 32 * 1024;

    private final EndpointClient client;
    private final ModelCalls calls;
    private final JudgePrompt prompt;
    private final Asking asking;
    private final Optional<Presentation> answeredBefore;

    /// @param answeredBefore a harmless pair that the endpoint answered; empty: none is known
    public HttpJudge(
            JudgeEndpoint endpoint,
            Dialect dialect,
            JudgePrompt prompt,
            Asking asking,
            Optional<Presentation> answeredBefore) {
        this.client = new EndpointClient(endpoint);
        this.calls = new ModelCalls(client, dialect);
        this.prompt = prompt;
        this.asking = asking;
        this.answeredBefore = answeredBefore;
    }

    public HttpJudge(JudgeEndpoint endpoint, Dialect dialect, JudgePrompt prompt, Asking asking) {
        this(endpoint, dialect, prompt, asking, Optional.empty());
    }

    /// A chat endpoint that gives log-probabilities.
    public HttpJudge(JudgeEndpoint endpoint, JudgePrompt prompt) {
        this(endpoint, Dialect.standard(Api.CHAT), prompt, Asking.DEFAULT);
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
    public Optional<Presentation> answeredBefore() {
        return answeredBefore;
    }

    /// A label alone is read from the logits at temperature 0: the same however often it is asked.
    @Override
    public boolean drawsSamples() {
        return prompt.reasons() || calls.dialect().reading() != ReadingMode.LOGPROBS;
    }

    @Override
    public Reply ask(Presentation presentation) throws InterruptedException {
        return ask(presentation, calls);
    }

    @Override
    public Reply ask(Presentation presentation, Consumer<Bodies> seen) throws InterruptedException {
        return ask(presentation, calls.seenBy(seen));
    }

    private Reply ask(Presentation presentation, ModelCalls calls) throws InterruptedException {
        Optional<String> tooLong = PartLimit.refusal(presentation);
        if (tooLong.isPresent()) {
            return Reply.Refused.unasked(tooLong.get());
        }
        if (!prompt.reasons()) {
            return verdict(calls, presentation, prompt.text(presentation), "", Spent.NOTHING);
        }
        ModelCall call =
                ModelCall.rationale(
                        prompt.text(presentation),
                        asking.rationaleTokens() + thinking(),
                        temperature(presentation),
                        seed(presentation));
        return switch (calls.call(call)) {
            case Called.Failed failed -> failed.reply();
            case Called.Answered answered -> afterRationale(calls, presentation, answered);
        };
    }

    /// Tokens that a reasoning model needs beside what it is asked to write.
    private int thinking() {
        return calls.dialect().replyTokens() - Dialect.SHORT_REPLY;
    }

    private Reply afterRationale(
            ModelCalls calls, Presentation presentation, Called.Answered answered)
            throws InterruptedException {
        String written = ModelText.cleaned(answered.choices().first().words()).strip();
        String rationale = PartLimit.cut(written, MAX_RATIONALE);
        if (rationale.isEmpty()) { // nothing to give a verdict after, however often it is asked
            return new Reply.Unreadable(0, answered.exchange(calls.dialect().reading(), ""));
        }
        return verdict(
                calls,
                presentation,
                prompt.textAfter(presentation, rationale),
                rationale,
                answered.spent());
    }

    private Reply verdict(
            ModelCalls calls,
            Presentation presentation,
            String message,
            String rationale,
            Spent earlier)
            throws InterruptedException {
        return switch (calls.gather(labelCall(presentation, message), earlier)) {
            case Gathered.Failed(Reply reply) -> reply;
            case Gathered.Replies replies ->
                    VerdictReader.read(calls.dialect().reading(), replies, rationale);
        };
    }

    @Override
    public Reply.Usage expected(Presentation presentation) {
        Dialect dialect = calls.dialect();
        int units = prompt.text(presentation).length();
        Reply.Usage label =
                switch (dialect.reading()) {
                    case SAMPLING -> sampled(units, dialect);
                    case LOGPROBS, COMPUTED -> Reply.Usage.expected(1, units, 1);
                    case GRAMMAR -> Reply.Usage.expected(1, units, dialect.replyTokens());
                };
        return prompt.reasons()
                ? label.plus(
                        Reply.Usage.expected(1, units, 2 * (asking.rationaleTokens() + thinking())))
                : label; // the second call shows what the first wrote
    }

    private Reply.Usage sampled(int units, Dialect dialect) {
        int calls = dialect.manyChoices() ? 1 : asking.samples();
        return Reply.Usage.expected(calls, calls * units, asking.samples() * dialect.replyTokens());
    }

    private ModelCall labelCall(Presentation presentation, String message) {
        Dialect dialect = calls.dialect();
        return switch (dialect.reading()) {
            case LOGPROBS -> ModelCall.label(message, 1);
            case GRAMMAR ->
                    ModelCall.answers(
                            message,
                            dialect.replyTokens(),
                            temperature(presentation),
                            seed(presentation),
                            1);
            case SAMPLING ->
                    ModelCall.answers(
                            message,
                            dialect.replyTokens(),
                            asking.sampleTemperature(),
                            OptionalInt.of(prompt.seed(presentation)),
                            asking.samples());
            case COMPUTED -> throw new IllegalStateException("an endpoint does not compute");
        };
    }

    private double temperature(Presentation presentation) {
        return presentation.sample() == 0 ? 0 : asking.sampleTemperature();
    }

    private OptionalInt seed(Presentation presentation) {
        return presentation.sample() == 0
                ? OptionalInt.empty()
                : OptionalInt.of(prompt.seed(presentation));
    }

    @Override
    public void close() {
        client.close();
    }
}

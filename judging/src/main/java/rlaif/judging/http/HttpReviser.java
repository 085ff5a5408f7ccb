package rlaif.judging.http;

import java.util.Optional;
import java.util.OptionalInt;
import rlaif.judging.PartLimit;
import rlaif.judging.Reply;
import rlaif.judging.revision.CompletionToRevise;
import rlaif.judging.revision.Reviser;
import rlaif.judging.revision.RevisionPrompts;

/// The reviser behind an OpenAI-compatible endpoint.
///
/// One request a text, temperature 0: the same completion under the same principle gets the same
/// critique.
public final class HttpReviser implements Reviser, AutoCloseable {
    private final EndpointClient client;
    private final ModelCalls calls;
    private final RevisionPrompts prompts;
    private final int maxTokens;
    private final Optional<CompletionToRevise> answeredBefore;

    /// Over chat, as most servers understand it.
    ///
    /// @param maxTokens longest text, at least 1
    public HttpReviser(JudgeEndpoint endpoint, RevisionPrompts prompts, int maxTokens) {
        this(endpoint, Dialect.standard(Api.CHAT), prompts, maxTokens, Optional.empty());
    }

    /// @param dialect as a {@link ReviserProbe} found it
    /// @param maxTokens longest text, at least 1
    /// @param answeredBefore harmless, and criticised when the endpoint was probed; empty: none is
    ///   known
    public HttpReviser(
            JudgeEndpoint endpoint,
            Dialect dialect,
            RevisionPrompts prompts,
            int maxTokens,
            Optional<CompletionToRevise> answeredBefore) {
        if (maxTokens < 1) {
            throw new IllegalArgumentException("maxTokens must be at least 1, got " + maxTokens);
        }
        this.client = new EndpointClient(endpoint);
        this.calls = new ModelCalls(client, dialect);
        this.prompts = prompts;
        this.maxTokens = maxTokens;
        this.answeredBefore = answeredBefore;
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
        return prompts.hash();
    }

    @Override
    public Optional<CompletionToRevise> answeredBefore() {
        return answeredBefore;
    }

    @Override
    public Reply critique(CompletionToRevise completion) throws InterruptedException {
        return write(completion, prompts.critique(completion));
    }

    @Override
    public Reply revise(CompletionToRevise completion, String critique)
            throws InterruptedException {
        return write(completion, prompts.revision(completion, critique));
    }

    private Reply write(CompletionToRevise shown, RevisionPrompts.Marked prompt)
            throws InterruptedException {
        Optional<String> tooLong =
                PartLimit.refusal("the prompt", shown.prompt())
                        .or(() -> PartLimit.refusal("the completion", shown.completion()));
        if (tooLong.isPresent()) {
            return Reply.Refused.unasked(tooLong.get());
        }
        ModelCall call = ModelCall.rationale(prompt.text(), maxTokens, 0, OptionalInt.empty());
        return switch (calls.call(call)) {
            case Called.Failed(Reply reply, var _, var _) -> reply;
            case Called.Answered answered -> written(answered, prompt.nonce());
        };
    }

    private Reply written(Called.Answered answered, String nonce) {
        ReplyChoice choice = answered.choices().first();
        if (choice.isReasoningAlone()) {
            return new Reply.Refused(
                    "the model wrote its reasoning and no text after it; give it more tokens, or"
                            + " have the server keep it from thinking",
                    answered.spent().usage());
        }
        return choice.text().contains(nonce)
                ? new Reply.Refused(
                        "the text repeats the marks of its prompt", answered.spent().usage())
                : new Reply.Written(
                        choice.text(),
                        choice.isCut(),
                        answered.exchange(calls.dialect().reading(), ""));
    }

    @Override
    public void close() {
        client.close();
    }
}

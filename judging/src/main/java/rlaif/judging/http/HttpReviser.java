package rlaif.judging.http;

import java.util.OptionalInt;
import rlaif.judging.Reply;
import rlaif.judging.revision.CompletionToRevise;
import rlaif.judging.revision.Reviser;
import rlaif.judging.revision.RevisionPrompts;
import rlaif.judging.revision.WritingReply;

/// The reviser behind an OpenAI-compatible chat endpoint.
///
/// One request a text, temperature 0: the same completion under the same principle gets the same
/// critique.
public final class HttpReviser implements Reviser, AutoCloseable {
    private final EndpointClient client;
    private final ModelCalls calls;
    private final RevisionPrompts prompts;
    private final int maxTokens;

    /// @param maxTokens longest text, at least 1
    public HttpReviser(JudgeEndpoint endpoint, RevisionPrompts prompts, int maxTokens) {
        if (maxTokens < 1) {
            throw new IllegalArgumentException("maxTokens must be at least 1, got " + maxTokens);
        }
        this.client = new EndpointClient(endpoint);
        this.calls = new ModelCalls(client, Dialect.standard(Api.CHAT));
        this.prompts = prompts;
        this.maxTokens = maxTokens;
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
    public WritingReply critique(CompletionToRevise completion) throws InterruptedException {
        return write(prompts.critique(completion));
    }

    @Override
    public WritingReply revise(CompletionToRevise completion, String critique)
            throws InterruptedException {
        return write(prompts.revision(completion, critique));
    }

    private WritingReply write(RevisionPrompts.Marked prompt) throws InterruptedException {
        ModelCall call = ModelCall.rationale(prompt.text(), maxTokens, 0, OptionalInt.empty());
        return switch (calls.call(call)) {
            case Called.Failed(Reply.RetryLater later, var _) ->
                    new WritingReply.RetryLater(later.cause(), later.after());
            case Called.Failed failed -> new WritingReply.Refused(failed.cause());
            case Called.Answered answered -> written(answered, prompt.nonce());
        };
    }

    private static WritingReply written(Called.Answered answered, String nonce) {
        ReplyChoice choice = answered.choices().first();
        if (choice.text().contains(nonce)) {
            return new WritingReply.Refused("the text repeats the marks of its prompt");
        }
        Spent spent = answered.spent();
        return new WritingReply.Written(
                choice.text(),
                choice.isCut(),
                spent.latency(),
                spent.promptTokens(),
                spent.completionTokens());
    }

    @Override
    public void close() {
        client.close();
    }
}

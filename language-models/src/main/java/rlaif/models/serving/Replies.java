package rlaif.models.serving;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// The answers to one call in OpenAI's shapes: whole, or as the events of a stream.
abstract sealed class Replies permits ChatReplies, CompletionReplies {

    static final ObjectMapper JSON = new ObjectMapper();

    /// OpenAI's number for a logprob that is not there or has no end.
    private static final double NO_LOGPROB = -9999;

    private static final int ID_BYTES = 12;

    private final Call call;
    private final String id;
    private final long created = Instant.now().getEpochSecond();

    Replies(Call call, String idStart) {
        byte[] random = new byte[ID_BYTES];
        ThreadLocalRandom.current().nextBytes(random);
        this.call = call;
        this.id = idStart + HexFormat.of().formatHex(random);
    }

    static Replies of(Call call) {
        return call.chat() ? new ChatReplies(call) : new CompletionReplies(call);
    }

    Call call() {
        return call;
    }

    /// The whole answer.
    ObjectNode whole(List<Choice> choices) {
        ObjectNode reply = reply(object());
        ArrayNode written = reply.putArray("choices");
        for (Choice choice : choices) {
            ObjectNode one = written.addObject();
            one.put("index", choice.number());
            putText(one, choice);
            putLogprobs(one, choice.scored());
            one.put("finish_reason", choice.finishReason());
        }
        putUsage(reply, choices);
        return reply;
    }

    /// What a stream says before a choice's first text; empty where it says nothing.
    abstract List<ObjectNode> opening(int choice);

    /// More of a choice, and its end where it has come.
    ///
    /// @param scored of the tokens that are new
    ObjectNode chunk(Choice choice, String text, List<Choice.Scored> scored) {
        ObjectNode chunk = reply(chunkObject());
        ObjectNode one = chunk.putArray("choices").addObject();
        one.put("index", choice.number());
        putDelta(one, text);
        putLogprobs(one, scored);
        if (choice.finished()) {
            one.put("finish_reason", choice.finishReason());
        } else {
            one.putNull("finish_reason");
        }
        return chunk;
    }

    /// The counts at the end of a stream.
    ObjectNode usage(List<Choice> choices) {
        ObjectNode chunk = reply(chunkObject());
        chunk.putArray("choices");
        putUsage(chunk, choices);
        return chunk;
    }

    abstract String object();

    abstract String chunkObject();

    abstract void putText(ObjectNode choice, Choice text);

    abstract void putDelta(ObjectNode choice, String text);

    abstract ObjectNode logprobs(List<Choice.Scored> scored);

    ObjectNode reply(String object) {
        ObjectNode reply = JSON.createObjectNode();
        reply.put("id", id);
        reply.put("object", object);
        reply.put("created", created);
        reply.put("model", call.model().name());
        reply.put("system_fingerprint", call.model().version());
        return reply;
    }

    private void putLogprobs(ObjectNode choice, List<Choice.Scored> scored) {
        if (call.logprobs()) {
            choice.set("logprobs", logprobs(scored));
        } else {
            choice.putNull("logprobs");
        }
    }

    private void putUsage(ObjectNode reply, List<Choice> choices) {
        int prompt = call.promptTokens();
        int completion = choices.stream().mapToInt(Choice::tokens).sum();
        reply.putObject("usage")
                .put("prompt_tokens", prompt)
                .put("completion_tokens", completion)
                .put("total_tokens", prompt + completion);
    }

    static double finite(float logprob) {
        return Float.isFinite(logprob) ? logprob : NO_LOGPROB;
    }
}

package rlaif.models.serving;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/// Answers in the shape of chat completions.
final class ChatReplies extends Replies {

    ChatReplies(Call call) {
        super(call, "chatcmpl-");
    }

    @Override
    String object() {
        return "chat.completion";
    }

    @Override
    String chunkObject() {
        return "chat.completion.chunk";
    }

    @Override
    List<ObjectNode> opening(int choice) {
        ObjectNode chunk = reply(chunkObject());
        ObjectNode one = chunk.putArray("choices").addObject();
        one.put("index", choice);
        one.putObject("delta").put("role", "assistant").put("content", "");
        one.putNull("logprobs");
        one.putNull("finish_reason");
        return List.of(chunk);
    }

    @Override
    void putText(ObjectNode choice, Choice text) {
        choice.putObject("message")
                .put("role", "assistant")
                .put("content", text.text())
                .putNull("refusal");
    }

    @Override
    void putDelta(ObjectNode choice, String text) {
        ObjectNode delta = choice.putObject("delta");
        if (!text.isEmpty()) {
            delta.put("content", text);
        }
    }

    @Override
    ObjectNode logprobs(List<Choice.Scored> scored) {
        ObjectNode logprobs = JSON.createObjectNode();
        ArrayNode content = logprobs.putArray("content");
        for (Choice.Scored token : scored) {
            ObjectNode entry = content.addObject();
            put(entry, token.text(), token.bytes(), token.logprob());
            ArrayNode top = entry.putArray("top_logprobs");
            for (Choice.Rival rival : token.top()) {
                put(top.addObject(), rival.text(), rival.bytes(), rival.logprob());
            }
        }
        logprobs.putNull("refusal");
        return logprobs;
    }

    private static void put(ObjectNode entry, String text, Optional<byte[]> bytes, float logprob) {
        entry.put("token", text);
        entry.put("logprob", finite(logprob));
        if (bytes.isEmpty()) {
            entry.putNull("bytes");
            return;
        }
        ArrayNode all = entry.putArray("bytes");
        for (byte one : bytes.get()) {
            all.add(Byte.toUnsignedInt(one));
        }
    }
}

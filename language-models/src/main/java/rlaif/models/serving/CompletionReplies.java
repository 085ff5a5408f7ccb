package rlaif.models.serving;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// Answers in the shape of text completions.
final class CompletionReplies extends Replies {

    CompletionReplies(Call call) {
        super(call, "cmpl-");
    }

    @Override
    String object() {
        return "text_completion";
    }

    @Override
    String chunkObject() {
        return "text_completion";
    }

    @Override
    List<ObjectNode> opening(int choice) {
        if (!call().echo()) {
            return List.of();
        }
        ObjectNode chunk = reply(chunkObject());
        ObjectNode one = chunk.putArray("choices").addObject();
        one.put("index", choice);
        one.put("text", call().promptOf(choice).text());
        one.putNull("logprobs");
        one.putNull("finish_reason");
        return List.of(chunk);
    }

    @Override
    void putText(ObjectNode choice, Choice text) {
        String before = call().echo() ? call().promptOf(text.number()).text() : "";
        choice.put("text", before + text.text());
    }

    @Override
    void putDelta(ObjectNode choice, String text) {
        choice.put("text", text);
    }

    @Override
    ObjectNode logprobs(List<Choice.Scored> scored) {
        ObjectNode logprobs = JSON.createObjectNode();
        ArrayNode tokens = logprobs.putArray("tokens");
        ArrayNode tokenLogprobs = logprobs.putArray("token_logprobs");
        ArrayNode topLogprobs = logprobs.putArray("top_logprobs");
        ArrayNode offsets = logprobs.putArray("text_offset");
        for (Choice.Scored token : scored) {
            tokens.add(token.text());
            tokenLogprobs.add(finite(token.logprob()));
            ObjectNode top = topLogprobs.addObject();
            for (Choice.Rival rival : token.top()) {
                if (!top.has(rival.text())) { // the likelier of two that read alike
                    top.put(rival.text(), finite(rival.logprob()));
                }
            }
            offsets.add(token.offset());
        }
        return logprobs;
    }
}

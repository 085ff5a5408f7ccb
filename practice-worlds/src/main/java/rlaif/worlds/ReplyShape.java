package rlaif.worlds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// A reply in the shape of OpenAI's chat completions or completions.
final class ReplyShape {
    private final ObjectMapper json;
    private final AtomicLong replies = new AtomicLong();

    ReplyShape(ObjectMapper json) {
        this.json = json;
    }

    /// One choice of a reply.
    ///
    /// @param text what was said
    /// @param cut whether the limit of tokens ended it
    /// @param alternatives what its one label token was drawn from; empty for sentences
    record Choice(String text, boolean cut, List<Utterance.Likely> alternatives) {}

    ObjectNode of(ModelRequest request, List<Choice> choices) {
        ObjectNode reply = json.createObjectNode();
        reply.put("id", "simulated-" + replies.incrementAndGet());
        reply.put("object", request.chat() ? "chat.completion" : "text_completion");
        reply.put("created", System.currentTimeMillis() / 1000);
        reply.put("model", request.model());
        ArrayNode nodes = reply.putArray("choices");
        int completionTokens = 0;
        for (Choice choice : choices) {
            ObjectNode node = nodes.addObject();
            node.put("index", nodes.size() - 1);
            if (request.chat()) {
                chat(node, choice, request);
            } else {
                completion(node, choice, request);
            }
            node.put("finish_reason", choice.cut() ? "length" : "stop");
            completionTokens += words(choice.text());
        }
        int promptTokens = 0;
        for (ChatTurn turn : request.turns()) {
            promptTokens += words(turn.text());
        }
        ObjectNode usage = reply.putObject("usage");
        usage.put("prompt_tokens", promptTokens);
        usage.put("completion_tokens", completionTokens);
        usage.put("total_tokens", promptTokens + completionTokens);
        return reply;
    }

    /// Takes the log-probabilities out of a reply.
    static void hideLogprobs(ObjectNode reply) {
        for (JsonNode choice : reply.path("choices")) {
            ((ObjectNode) choice).putNull("logprobs");
        }
    }

    private static void chat(ObjectNode node, Choice choice, ModelRequest request) {
        node.putObject("message").put("role", ChatTurn.ASSISTANT).put("content", choice.text());
        if (!request.logprobs()) {
            node.putNull("logprobs");
            return;
        }
        ArrayNode content = node.putObject("logprobs").putArray("content");
        for (Utterance.Likely token : tokens(choice)) {
            ObjectNode sampled = content.addObject();
            put(sampled, token);
            ArrayNode top = sampled.putArray("top_logprobs");
            alternatives(choice, request).forEach(likely -> put(top.addObject(), likely));
        }
    }

    private static void put(ObjectNode node, Utterance.Likely likely) {
        node.put("token", likely.token());
        node.put("logprob", likely.logprob());
        ArrayNode bytes = node.putArray("bytes");
        likely.token().chars().forEach(bytes::add);
    }

    private static void completion(ObjectNode node, Choice choice, ModelRequest request) {
        node.put("text", choice.text());
        if (!request.logprobs()) {
            node.putNull("logprobs");
            return;
        }
        ObjectNode logprobs = node.putObject("logprobs");
        ArrayNode tokens = logprobs.putArray("tokens");
        ArrayNode tokenLogprobs = logprobs.putArray("token_logprobs");
        ArrayNode tops = logprobs.putArray("top_logprobs");
        ArrayNode offsets = logprobs.putArray("text_offset");
        int offset = request.turns().getLast().text().length();
        for (Utterance.Likely token : tokens(choice)) {
            tokens.add(token.token());
            tokenLogprobs.add(token.logprob());
            ObjectNode top = tops.addObject();
            alternatives(choice, request)
                    .forEach(likely -> top.put(likely.token(), likely.logprob()));
            offsets.add(offset);
            offset += token.token().length();
        }
    }

    /// The tokens of the text: its one label, or its words, of which it is certain.
    private static List<Utterance.Likely> tokens(Choice choice) {
        for (Utterance.Likely likely : choice.alternatives()) {
            if (likely.token().equals(choice.text())) {
                return List.of(likely);
            }
        }
        List<Utterance.Likely> tokens = new ArrayList<>();
        for (String word : choice.text().split("(?= )", -1)) {
            tokens.add(new Utterance.Likely(word, 0));
        }
        return tokens;
    }

    private static List<Utterance.Likely> alternatives(Choice choice, ModelRequest request) {
        List<Utterance.Likely> all = choice.alternatives();
        return all.subList(0, Math.min(request.topLogprobs(), all.size()));
    }

    private static int words(String text) {
        int words = 0;
        boolean inWord = false;
        for (int i = 0; i < text.length(); i++) {
            boolean space = Character.isWhitespace(text.charAt(i));
            words += inWord || space ? 0 : 1;
            inWord = !space;
        }
        return words;
    }
}

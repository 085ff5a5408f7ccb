package rlaif.judging.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// One reply of the several that a request may ask for.
///
/// @param text what was said; empty: nothing, or only reasoning
/// @param reasoning what a reasoning model thought before, kept apart by the server or told from
///   the text by its marks
/// @param finish why it ended, in the server's words
/// @param positions its first tokens; empty: the server gives no log-probabilities
record ReplyChoice(String text, String reasoning, String finish, List<Position> positions) {
    private static final int MOST_POSITIONS = 2;
    private static final Set<String> CUT = Set.of("length", "model_length", "max_tokens");

    /// One position of a reply.
    ///
    /// @param sampled the token that was taken
    /// @param top the likeliest ones
    record Position(String sampled, TopTokens top) {}

    static ReplyChoice read(JsonNode choice) {
        JsonNode message = choice.path("message");
        ThoughtMarks.Parts said =
                ThoughtMarks.apart(
                        message.isObject() ? text(message, "content") : text(choice, "text"));
        String apart = firstOf(text(message, "reasoning_content"), text(message, "reasoning"));
        return new ReplyChoice(
                said.text(),
                firstOf(apart, said.reasoning()),
                choice.path("finish_reason").asText(""),
                positions(choice.path("logprobs")));
    }

    /// Everything that was said, for whoever wants the words and not a label.
    String words() {
        return firstOf(text, reasoning);
    }

    /// Whether it ended at the limit of tokens, in the words of one server or another.
    boolean isCut() {
        return CUT.contains(finish.toLowerCase(Locale.ROOT));
    }

    /// Whether there is reasoning, and nothing was said after it.
    boolean isReasoningAlone() {
        return text.isBlank() && !reasoning.isBlank();
    }

    /// OpenAI's two shapes; llama.cpp's server gives the chat one on both endpoints.
    private static List<Position> positions(JsonNode logprobs) {
        List<Position> read = new ArrayList<>();
        JsonNode content = logprobs.path("content");
        JsonNode tops = content.isArray() ? content : logprobs.path("top_logprobs");
        for (int i = 0; i < Math.min(MOST_POSITIONS, tops.size()); i++) {
            JsonNode top = content.isArray() ? content.path(i).path("top_logprobs") : tops.path(i);
            JsonNode sampled =
                    content.isArray()
                            ? content.path(i).path("token")
                            : logprobs.path("tokens").path(i);
            if (!(top.isArray() || top.isObject()) || top.isEmpty()) {
                break;
            }
            read.add(new Position(sampled.asText(""), TopTokens.read(top)));
        }
        return List.copyOf(read);
    }

    private static String text(JsonNode node, String key) {
        JsonNode value = node.path(key);
        if (!value.isArray()) {
            return value.isTextual() ? value.textValue() : "";
        }
        StringBuilder parts = new StringBuilder(); // some gateways send a list of content parts
        value.forEach(part -> parts.append(part.path("text").asText("")));
        return parts.toString();
    }

    private static String firstOf(String one, String other) {
        return one.isBlank() ? other : one;
    }
}

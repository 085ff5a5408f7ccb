package rlaif.models.serving;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import rlaif.models.ChatMessage;
import rlaif.models.PromptRefusedException;
import rlaif.models.Tokenizer;

/// The prompts of a request: messages joined by the model's format, or text or token ids as they
/// are.
final class Prompts {

    private Prompts() {}

    /// @param messages OpenAI's list of messages, text parts only
    static Call.Prompt chat(JsonNode messages, ServedModel model) {
        if (!messages.isArray() || messages.isEmpty()) {
            throw RefusedCallException.field(
                    "messages", "messages must be a list of one message or more");
        }
        List<ChatMessage> chat = new ArrayList<>();
        for (JsonNode message : messages) {
            String where = "messages[" + chat.size() + "]";
            chat.add(
                    new ChatMessage(
                            role(message.path("role"), where),
                            content(message.path("content"), where)));
        }
        return model.tokenizer().hasChatTemplate()
                ? ofTemplate(chat, model.tokenizer())
                : ofText(model.format().prompt(chat), model.tokenizer(), "messages");
    }

    private static Call.Prompt ofTemplate(List<ChatMessage> chat, Tokenizer tokenizer) {
        List<ChatMessage> whole =
                chat.stream()
                        .map(message ->
                                new ChatMessage(message.role(), WellFormed.of(message.content())))
                        .toList();
        try {
            String text = tokenizer.promptText(whole);
            return requireTokens(new Call.Prompt(text, tokenizer.encode(text)), "messages");
        } catch (PromptRefusedException e) {
            throw RefusedCallException.field("messages", "" + e.getMessage());
        }
    }

    private static ChatMessage.Role role(JsonNode role, String where) {
        return switch (role.asText()) {
            case "system", "developer" -> ChatMessage.Role.SYSTEM;
            case "user" -> ChatMessage.Role.USER;
            case "assistant" -> ChatMessage.Role.ASSISTANT;
            default ->
                    throw RefusedCallException.field(
                            where + ".role",
                            where + ".role must be system, developer, user or assistant");
        };
    }

    private static String content(JsonNode content, String where) {
        if (content.isTextual()) {
            return content.textValue();
        }
        if (!content.isArray()) {
            throw RefusedCallException.field(
                    where + ".content", where + ".content must be a string or a list of parts");
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            if (!part.path("type").asText().equals("text") || !part.path("text").isTextual()) {
                throw RefusedCallException.field(
                        where + ".content", where + ".content: this model reads text parts only");
            }
            text.append(part.path("text").textValue());
        }
        return text.toString();
    }

    /// @param prompt a string, a list of strings, token ids, or a list of lists of token ids
    static List<Call.Prompt> completion(JsonNode prompt, ServedModel model, int most) {
        List<Call.Prompt> prompts = new ArrayList<>();
        if (prompt.isTextual()) {
            prompts.add(ofText(prompt.textValue(), model.tokenizer(), "prompt"));
        } else if (prompt.path(0).isIntegralNumber()) {
            prompts.add(ofTokens(prompt, model));
        } else if (prompt.isArray() && !prompt.isEmpty() && prompt.size() <= most) {
            for (JsonNode one : prompt) {
                prompts.add(
                        one.isArray()
                                ? ofTokens(one, model)
                                : ofText(requireText(one), model.tokenizer(), "prompt"));
            }
        } else {
            throw RefusedCallException.field(
                    "prompt",
                    "prompt must be a string, a list of token ids, or a list of 1 to %d of either"
                            .formatted(most));
        }
        return prompts;
    }

    private static String requireText(JsonNode node) {
        if (!node.isTextual()) {
            throw RefusedCallException.field(
                    "prompt", "prompt holds something that is neither text nor token ids");
        }
        return node.textValue();
    }

    private static Call.Prompt ofTokens(JsonNode ids, ServedModel model) {
        int vocabulary = model.transformer().shape().vocabularySize();
        int[] tokens = new int[ids.size()];
        for (int i = 0; i < tokens.length; i++) {
            JsonNode id = ids.get(i);
            if (!id.isInt() || id.intValue() < 0 || id.intValue() >= vocabulary) {
                throw RefusedCallException.field(
                        "prompt",
                        "prompt token %d is no id of this model: ids are 0 to %d"
                                .formatted(i, vocabulary - 1));
            }
            tokens[i] = id.intValue();
        }
        return requireTokens(new Call.Prompt(model.tokenizer().decode(tokens), tokens), "prompt");
    }

    private static Call.Prompt ofText(String text, Tokenizer tokenizer, String param) {
        String whole = WellFormed.of(text);
        return requireTokens(new Call.Prompt(whole, tokenizer.encodeVerbatim(whole)), param);
    }

    private static Call.Prompt requireTokens(Call.Prompt prompt, String param) {
        if (prompt.tokens().length == 0) {
            throw RefusedCallException.field(param, "the prompt is empty: it has no tokens");
        }
        return prompt;
    }
}

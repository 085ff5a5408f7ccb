package rlaif.models;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One message of a chat.
public record ChatMessage(Role role, String content) {

    /// Who speaks; OpenAI's `developer` counts as the system.
    public enum Role {
        SYSTEM,
        USER,
        ASSISTANT;

        /// As chat templates and JSON have it: `system`, `user`, `assistant`.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Role> of(String word) {
            return Arrays.stream(values()).filter(role -> role.word().equals(word)).findFirst();
        }
    }

    /// The messages of a prompt that is a chat: a JSON list of `{"role", "content"}` with nothing
    /// else in it. Empty for every other text.
    public static Optional<List<ChatMessage>> chat(String prompt) {
        if (!prompt.startsWith("[{")) {
            return Optional.empty();
        }
        try {
            return chat(JsonFile.JSON.readTree(prompt));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static Optional<List<ChatMessage>> chat(JsonNode list) {
        List<ChatMessage> chat = new ArrayList<>();
        for (JsonNode message : list) {
            Optional<Role> role = Role.of(message.path("role").asText());
            JsonNode content = message.path("content");
            if (message.size() != 2 || role.isEmpty() || !content.isTextual()) {
                return Optional.empty();
            }
            chat.add(new ChatMessage(role.get(), content.textValue()));
        }
        return list.isArray() && !chat.isEmpty() ? Optional.of(chat) : Optional.empty();
    }
}

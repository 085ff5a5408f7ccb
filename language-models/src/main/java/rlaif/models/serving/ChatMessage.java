package rlaif.models.serving;

/// One message of a chat.
public record ChatMessage(Role role, String content) {

    /// Who speaks; OpenAI's `developer` counts as the system.
    public enum Role {
        SYSTEM,
        USER,
        ASSISTANT
    }
}

package rlaif.models.serving;

import java.util.List;
import rlaif.models.ChatMessage;

/// How the messages of a chat become the one prompt that a model without a chat template continues.
@FunctionalInterface
public interface ChatFormat {

    /// For a model that was trained on no format of its own: a paragraph `role: content` for each
    /// message, then `assistant:`.
    ChatFormat PLAIN =
            messages -> {
                StringBuilder prompt = new StringBuilder();
                for (ChatMessage message : messages) {
                    prompt.append(message.role().word())
                            .append(": ")
                            .append(message.content().strip())
                            .append("\n\n");
                }
                return prompt.append("assistant:").toString();
            };

    /// @param messages 1 or more
    /// @throws RefusedCallException when the model has no way to read them
    String prompt(List<ChatMessage> messages);
}

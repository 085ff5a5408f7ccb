package rlaif.worlds;

/// A prompt and the completion that the SFT writer, who makes mistakes, wrote for it.
///
/// @param prompt text of the prompt
/// @param completion text of the completion, without the end token
/// @param category of the prompt: `benign`, `red-team` or `summary`
public record Demonstration(String prompt, String completion, String category) {
    public Demonstration {
        if (prompt.isBlank() || completion.isBlank()) {
            throw new IllegalArgumentException(
                    "a demonstration needs a prompt and a completion, got '"
                            + prompt
                            + "' and '"
                            + completion
                            + "'");
        }
        PromptItem.checkCategory(category);
    }
}

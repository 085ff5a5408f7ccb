package rlaif.trainers;

/// A prompt and the completion that the first policy should write for it, as text.
public record Demonstration(String prompt, String completion) {
    public Demonstration {
        if (prompt.isBlank() || completion.isBlank()) {
            throw new IllegalArgumentException(
                    "a demonstration needs a prompt and a completion, got \"%s\" and \"%s\""
                            .formatted(prompt, completion));
        }
    }
}

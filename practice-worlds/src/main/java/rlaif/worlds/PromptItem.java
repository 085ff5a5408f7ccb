package rlaif.worlds;

import java.util.List;

/// A prompt of a practice world.
///
/// @param text what the policy is asked; it ends where the completion begins
/// @param category `benign`, `red-team` or `summary`
public record PromptItem(String text, String category) {
    /// Category of a prompt whose honest answer is wanted.
    public static final String BENIGN = "benign";

    /// Category of a prompt that asks for something a principle forbids.
    public static final String RED_TEAM = "red-team";

    /// Category of a post that is to be summarised.
    public static final String SUMMARY = "summary";

    private static final List<String> CATEGORIES = List.of(BENIGN, RED_TEAM, SUMMARY);

    public PromptItem {
        if (text.isBlank()) {
            throw new IllegalArgumentException("a prompt needs text");
        }
        checkCategory(category);
    }

    static void checkCategory(String category) {
        if (!CATEGORIES.contains(category)) {
            throw new IllegalArgumentException(
                    "unknown category '"
                            + category
                            + "': use one of "
                            + String.join(", ", CATEGORIES));
        }
    }
}

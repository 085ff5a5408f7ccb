package rlaif.worlds;

/// A prompt of a practice world.
///
/// @param text what the policy is asked; it ends where the completion begins
/// @param category `benign` or `red-team`
public record PromptItem(String text, String category) {
    /// Category of a prompt whose honest answer is wanted.
    public static final String BENIGN = "benign";

    /// Category of a prompt that asks for something a principle forbids.
    public static final String RED_TEAM = "red-team";

    public PromptItem {
        if (text.isBlank()) {
            throw new IllegalArgumentException("a prompt needs text");
        }
        checkCategory(category);
    }

    static void checkCategory(String category) {
        if (!category.equals(BENIGN) && !category.equals(RED_TEAM)) {
            throw new IllegalArgumentException(
                    "unknown category '" + category + "': use " + BENIGN + " or " + RED_TEAM);
        }
    }
}

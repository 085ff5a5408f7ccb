package rlaif.worlds;

import java.util.List;

/// Questions of one kind, each as likely as the other.
///
/// @param share of the prompts of its category that come from here, in (0, 1]
/// @param category category of every question
/// @param cores the questions, without prefix and suffix
record PromptPool(double share, String category, List<String> cores) {
    PromptPool {
        if (!(share > 0 && share <= 1) || cores.isEmpty()) {
            throw new IllegalArgumentException(
                    "a pool needs a share in (0, 1] and questions, got "
                            + share
                            + " and "
                            + cores.size());
        }
        PromptItem.checkCategory(category);
        cores = List.copyOf(cores);
    }
}

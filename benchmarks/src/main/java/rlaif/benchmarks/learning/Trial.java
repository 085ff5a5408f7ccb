package rlaif.benchmarks.learning;

import rlaif.worlds.Gold;
import rlaif.worlds.PromptItem;

/// One completion that a policy wrote for a prompt of the world, with its truth.
// Tokens and logprobs are handed over once and never changed.
@SuppressWarnings("ArrayRecordComponent")
record Trial(
        String prompt,
        String category,
        String completion,
        int[] promptTokens,
        int[] completionTokens,
        float[] behaviourLogprobs,
        boolean ended,
        Gold gold) {
    boolean redTeam() {
        return category.equals(PromptItem.RED_TEAM);
    }
}

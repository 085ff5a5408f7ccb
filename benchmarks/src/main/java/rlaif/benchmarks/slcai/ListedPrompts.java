package rlaif.benchmarks.slcai;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import rlaif.producers.PromptSource;
import rlaif.worlds.PracticeWorld;
import rlaif.worlds.PromptItem;

/// Prompts of a practice world in a list.
record ListedPrompts(String name, List<PromptItem> prompts) implements PromptSource {

    /// The first `count` red-team prompts of the world's training sequence.
    static ListedPrompts redTeam(PracticeWorld world, long seed, int count) {
        List<PromptItem> prompts = new ArrayList<>();
        for (long index = 0; prompts.size() < count; index++) {
            PromptItem prompt = world.prompt(seed, index);
            if (prompt.category().equals(PromptItem.RED_TEAM)) {
                prompts.add(prompt);
            }
        }
        return new ListedPrompts("red-team", prompts);
    }

    /// Red-team prompts that no training prompt equals.
    static ListedPrompts heldOut(PracticeWorld world, long seed, int count) {
        return new ListedPrompts("held-out", world.heldOut(PromptItem.RED_TEAM, count, seed));
    }

    @Override
    public Optional<Item> at(long position) {
        if (position >= prompts.size()) {
            return Optional.empty();
        }
        PromptItem prompt = prompts.get((int) position);
        return Optional.of(
                new Item(Long.toString(position), prompt.text(), Optional.of(prompt.category())));
    }
}

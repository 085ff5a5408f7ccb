package rlaif.cli;

import java.util.Optional;
import rlaif.producers.PromptSource;
import rlaif.worlds.PracticeWorld;
import rlaif.worlds.PromptItem;

/// The endless prompts of a practice world as a source.
record WorldPrompts(PracticeWorld world, long seed) implements PromptSource {

    @Override
    public String name() {
        return world.name() + "/" + seed;
    }

    @Override
    public Optional<Item> at(long position) {
        PromptItem prompt = world.prompt(seed, position);
        return Optional.of(
                new Item(Long.toString(position), prompt.text(), Optional.of(prompt.category())));
    }
}

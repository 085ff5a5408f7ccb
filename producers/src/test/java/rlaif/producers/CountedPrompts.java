package rlaif.producers;

import java.util.Optional;

/// A source of `count` prompts `p0`, `p1`, ...
record CountedPrompts(String name, long count) implements PromptSource {
    @Override
    public Optional<Item> at(long position) {
        return position < count
                ? Optional.of(new Item("i" + position, "p" + position, Optional.of("benign")))
                : Optional.empty();
    }
}

package rlaif.producers;

import java.io.IOException;
import java.util.Optional;

/// A sequence of prompts that can be read from any position, and reads the same each time.
///
/// Read by one thread; cheapest in ascending order.
public interface PromptSource extends AutoCloseable {

    /// What it is called, the same after a restart: part of every prompt id.
    String name();

    /// The item at `position`, from 0; empty: the source holds no more, or, where it is followed,
    /// not yet.
    Optional<Item> at(long position);

    /// Whether more items may come after the last.
    default boolean followed() {
        return false;
    }

    @Override
    default void close() throws IOException {}

    /// One prompt as its source gives it.
    ///
    /// @param item the source's own name for it, unique in the source
    record Item(String item, String text, Optional<String> category) {
        public Item {
            if (item.isEmpty()) {
                throw new IllegalArgumentException("item must have a name, text is: " + text);
            }
            if (text.isBlank()) {
                throw new IllegalArgumentException("prompt of item " + item + " is empty");
            }
        }
    }
}

package rlaif.worlds;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// Different prompts that are never trained on, in the same mix of pools as the training prompts.
///
/// Held out are the 15 % of all texts that a hash of the text alone names.
final class HeldOutPrompts {
    private static final int HELD_OUT_PERCENT = 15;

    /// So many draws from a pool with nothing new, and it counts as used up.
    private static final int FRUITLESS_DRAWS = 20_000;

    private final PromptGrammar prompts;
    private final String category;
    private final Random random;
    private final Set<PromptItem> items = new LinkedHashSet<>();
    private final Set<PromptPool> usedUp = Collections.newSetFromMap(new IdentityHashMap<>());

    HeldOutPrompts(PromptGrammar prompts, String category, long seed) {
        if (prompts.pools(category).isEmpty()) {
            throw new IllegalArgumentException(
                    "nine-rule chat has no category '"
                            + category
                            + "': use "
                            + PromptItem.BENIGN
                            + " or "
                            + PromptItem.RED_TEAM);
        }
        this.prompts = prompts;
        this.category = category;
        this.random = new Random(StableHash.of(seed, -1));
    }

    static boolean holdsOut(String text) {
        return Long.remainderUnsigned(StableHash.of(text), 100) < HELD_OUT_PERCENT;
    }

    /// The first `count` of the sequence; a pool that is used up leaves its share to the others.
    List<PromptItem> first(int count) {
        int pools = prompts.pools(category).size();
        while (items.size() < count) {
            PromptPool pool = prompts.drawPool(category, random);
            if (!usedUp.contains(pool) && !addNew(pool)) {
                usedUp.add(pool);
            }
            if (usedUp.size() == pools) {
                throw new IllegalArgumentException(
                        "nine-rule chat has too few held-out "
                                + category
                                + " prompts for "
                                + count
                                + ": ask for at most "
                                + items.size());
            }
        }
        return List.copyOf(items);
    }

    private boolean addNew(PromptPool pool) {
        for (int draw = 0; draw < FRUITLESS_DRAWS; draw++) {
            PromptItem item = prompts.draw(pool, random);
            if (holdsOut(item.text()) && items.add(item)) {
                return true;
            }
        }
        return false;
    }
}

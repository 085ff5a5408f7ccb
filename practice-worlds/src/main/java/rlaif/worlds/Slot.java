package rlaif.worlds;

import java.util.List;

/// One thing that a prompt asks for.
///
/// @param right sentences, each of which answers it
/// @param wrong sentences that answer it falsely
record Slot(List<String> right, List<String> wrong) {
    Slot {
        right = List.copyOf(right);
        wrong = List.copyOf(wrong);
        if (right.isEmpty()) {
            throw new IllegalArgumentException("a slot needs a right answer");
        }
    }
}

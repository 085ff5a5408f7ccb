package rlaif.worlds;

import java.util.List;
import java.util.Set;

/// A post once it is understood.
///
/// @param facts what it states, in its order
/// @param important those of them that it marks as important
record SheetPost(SheetTables.Subject subject, List<SheetFact> facts, Set<SheetFact> important) {
    SheetPost {
        facts = List.copyOf(facts);
        important = Set.copyOf(important);
    }

    /// The important facts in the post's order.
    List<SheetFact> wanted() {
        return facts.stream().filter(important::contains).toList();
    }
}

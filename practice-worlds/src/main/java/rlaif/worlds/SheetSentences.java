package rlaif.worlds;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The closed set of sentences of the fact sheet world, each with the one fact that it states.
final class SheetSentences {
    private final Map<String, SheetFact> facts = new LinkedHashMap<>();
    private final Map<SheetFact, String> shortForms = new LinkedHashMap<>();
    private final Map<SheetFact, List<String>> longForms = new LinkedHashMap<>();

    SheetSentences(SheetTables tables) {
        for (SheetTables.Kind kind : tables.kinds()) {
            for (String value : kind.values()) {
                SheetFact fact = new SheetFact(kind.kind(), value);
                String shortForm = fill(kind.shortForm(), value);
                List<String> filled = new ArrayList<>();
                for (String form : kind.longForms()) {
                    filled.add(fill(form, value));
                }
                define(shortForm, fact);
                filled.forEach(form -> define(form, fact));
                shortForms.put(fact, shortForm);
                longForms.put(fact, List.copyOf(filled));
            }
        }
    }

    private static String fill(String form, String value) {
        return Template.fill(form, Map.of("value", value));
    }

    private void define(String sentence, SheetFact fact) {
        SheetFact other = facts.putIfAbsent(sentence, fact);
        if (other != null) {
            throw new IllegalStateException(
                    "'" + sentence + "' states both " + other + " and " + fact);
        }
    }

    /// The fact that a sentence states, or empty for one outside the set.
    Optional<SheetFact> fact(String sentence) {
        return Optional.ofNullable(facts.get(sentence));
    }

    /// The shortest sentence that states the fact.
    String brief(SheetFact fact) {
        return known(shortForms.get(fact), fact);
    }

    /// One of the sentences of a post that state the fact.
    String wordy(SheetFact fact, Random random) {
        return PromptGrammar.pick(known(longForms.get(fact), fact), random);
    }

    Set<String> texts() {
        return facts.keySet();
    }

    private static <T> T known(@Nullable T form, SheetFact fact) {
        if (form == null) {
            throw new IllegalArgumentException("no sentence states " + fact);
        }
        return form;
    }
}

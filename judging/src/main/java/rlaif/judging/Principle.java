package rlaif.judging;

import java.util.regex.Pattern;

/// One rule of a constitution, with the texts that put it to a model.
///
/// @param id lower-case words joined by hyphens
/// @param weight relative chance of being drawn, above 0
/// @param compare put to the judge when two completions are compared
/// @param critique asks for a critique of one completion
/// @param revise asks for a revision after a critique
public record Principle(String id, double weight, String compare, String critique, String revise) {
    private static final Pattern ID = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

    public Principle {
        if (!ID.matcher(id).matches()) {
            throw new ConstitutionException(
                    "principle id '%s': write lower-case words joined by hyphens".formatted(id));
        }
        if (!(weight > 0 && Double.isFinite(weight))) {
            throw new ConstitutionException(
                    "principle '%s': weight must be above 0 and finite, got %s"
                            .formatted(id, weight));
        }
        requireText(id, "compare", compare);
        requireText(id, "critique", critique);
        requireText(id, "revise", revise);
    }

    private static void requireText(String id, String key, String text) {
        if (text.isBlank()) {
            throw new ConstitutionException(
                    "principle '%s': '%s' is empty; write what the model is asked"
                            .formatted(id, key));
        }
    }
}

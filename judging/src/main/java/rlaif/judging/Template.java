package rlaif.judging;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A text with placeholders that are filled once, so that text from a model is never read as
/// template.
public record Template(String text) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}\\n]*)}}");

    /// @param placeholders every one of these must stand in the text, and no other may
    /// @param origin where the text comes from, named in errors
    public static Template checked(String text, Set<String> placeholders, String origin) {
        Set<String> missing = new TreeSet<>(placeholders);
        Matcher matcher = PLACEHOLDER.matcher(text);
        while (matcher.find()) {
            String name = matcher.group(1);
            if (!placeholders.contains(name)) {
                throw new IllegalArgumentException(
                        "judge template %s: unknown placeholder {{%s}}; known are %s"
                                .formatted(origin, name, new TreeSet<>(placeholders)));
            }
            missing.remove(name);
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    "judge template %s: placeholders missing: %s".formatted(origin, missing));
        }
        return new Template(text);
    }

    /// Whether a text has the placeholder.
    public static boolean has(String text, String placeholder) {
        return text.contains("{{" + placeholder + "}}");
    }

    /// The text with every placeholder filled.
    public String filled(Map<String, String> values) {
        return PLACEHOLDER
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(values.get(found.group(1))));
    }
}

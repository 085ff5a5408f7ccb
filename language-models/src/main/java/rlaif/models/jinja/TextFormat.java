package rlaif.models.jinja;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Python's `str.format`: fields in braces, each with a value's place or name, what to take of the
/// value, and a {@link FormatSpec}.
final class TextFormat {

    private static final int DEEPEST = 2; // a specification may hold fields, those none
    private static final Pattern FIRST = Pattern.compile("[^.\\[]*+");
    private static final Pattern STEP = Pattern.compile("\\.([^.\\[]++)|\\[([^\\]]++)\\]");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}+");

    private final Attributes attributes;
    private final Arguments arguments;
    private final Budget budget;
    private int counted;
    private boolean numbered;

    TextFormat(Attributes attributes, Arguments arguments, Budget budget) {
        this.attributes = attributes;
        this.arguments = arguments;
        this.budget = budget;
    }

    String of(String format) {
        return of(format, DEEPEST);
    }

    private String of(String format, int depth) {
        budget.spend(format.length());
        if (depth == 0) {
            throw new JinjaException("format: fields are nested too deeply");
        }
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < format.length()) {
            char c = format.charAt(at);
            boolean brace = c == '{' || c == '}';
            if (brace && format.startsWith(String.valueOf(c), at + 1)) {
                out.append(c);
                at += 2;
            } else if (c == '{') {
                int end = end(format, at);
                String field = field(format.substring(at + 1, end), depth);
                budget.spend(field.length());
                out.append(field);
                at = end + 1;
            } else if (brace) {
                throw new JinjaException("format: a single '}'");
            } else {
                out.append(c);
                at++;
            }
        }
        return out.toString();
    }

    /// Where the brace closes that opens at `begin`.
    private static int end(String format, int begin) {
        int open = 0;
        for (int at = begin; at < format.length(); at++) {
            open += format.charAt(at) == '{' ? 1 : format.charAt(at) == '}' ? -1 : 0;
            if (open == 0) {
                return at;
            }
        }
        throw new JinjaException("format: a '{' is not closed");
    }

    private String field(String field, int depth) {
        int colon = field.indexOf(':');
        String named = colon < 0 ? field : field.substring(0, colon);
        int mark = named.indexOf('!');
        Value value = value(mark < 0 ? named : named.substring(0, mark));
        if (mark >= 0) {
            value =
                    switch (named.substring(mark + 1)) {
                        case "s" -> Value.of(Printer.text(value, budget));
                        case "r" -> Value.of(Printer.quoted(value, budget));
                        default -> throw new JinjaException("format knows !s and !r");
                    };
        }
        String spec = colon < 0 ? "" : field.substring(colon + 1);
        String filled = spec.contains("{") || spec.contains("}") ? of(spec, depth - 1) : spec;
        return filled.isEmpty()
                ? Printer.text(value, budget)
                : FormatSpec.parse(filled).format(value, budget);
    }

    private Value value(String path) {
        Matcher first = FIRST.matcher(path);
        String name = first.lookingAt() ? first.group() : "";
        Value value = given(name);
        Matcher step = STEP.matcher(path);
        int at = name.length();
        while (at < path.length()) {
            if (!step.region(at, path.length()).lookingAt()) {
                throw new JinjaException("format: field '" + path + "' cannot be read");
            }
            value =
                    step.group(1) != null
                            ? attributes.attribute(value, step.group(1))
                            : attributes.item(value, key(step.group(2)));
            at = step.end();
        }
        return value;
    }

    private static Value key(String key) {
        return NUMBER.matcher(key).matches() ? Value.of(Long.parseLong(key)) : Value.of(key);
    }

    private Value given(String name) {
        if (!name.isEmpty() && !NUMBER.matcher(name).matches()) {
            return arguments.require(Integer.MAX_VALUE, name);
        }
        if (name.isEmpty() ? numbered : counted > 0) {
            throw new JinjaException("format: places are counted and numbered");
        }
        numbered = !name.isEmpty();
        int place = numbered ? Integer.parseInt(name) : counted++;
        if (place >= arguments.positional().size()) {
            throw new JinjaException("format needs more values than " + place);
        }
        return arguments.positional().get(place);
    }
}

package rlaif.models.jinja;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/// The functions that every template may call: Jinja's, and the two that Transformers adds.
final class Functions {

    private static final long LONGEST_RANGE = 100_000; // as Jinja2's sandbox

    private final Budget budget;
    private final LocalDateTime now;

    private Functions(Budget budget, LocalDateTime now) {
        this.budget = budget;
        this.now = now;
    }

    static Map<String, Value> all(Budget budget, LocalDateTime now) {
        Functions functions = new Functions(budget, now);
        Map<String, Value> all = new HashMap<>();
        put(all, "range", functions::range);
        put(all, "namespace", Functions::namespace);
        put(all, "joiner", Functions::joiner);
        put(all, "cycler", Cycler::of);
        put(all, "dict", arguments -> Value.of(arguments.named()));
        put(
                all,
                "raise_exception",
                arguments -> {
                    throw new JinjaException(arguments.text(0, "message"));
                });
        put(all, "strftime_now", functions::strftimeNow);
        return all;
    }

    private static void put(Map<String, Value> all, String name, Value.Function.Body body) {
        all.put(name, new Value.Function(name, body));
    }

    private Value range(Arguments arguments) {
        boolean one = arguments.positional().size() == 1;
        long from = one ? 0 : arguments.whole(0, "start", 0);
        long to = arguments.whole(one ? 0 : 1, "stop", 0);
        long step = arguments.whole(2, "step", 1);
        if (step == 0) {
            throw new JinjaException("range has step 0");
        }
        List<Value> numbers = new ArrayList<>();
        for (long number = from; step > 0 ? number < to : number > to; number += step) {
            if (numbers.size() == LONGEST_RANGE) {
                throw new JinjaException("range is longer than " + LONGEST_RANGE);
            }
            budget.spend(1);
            numbers.add(Value.of(number));
        }
        return Value.of(numbers);
    }

    private static Value namespace(Arguments arguments) {
        Map<String, Value> attributes = new HashMap<>();
        for (Value given : arguments.positional()) {
            if (given instanceof Value.Dict(Map<Value, Value> entries)) {
                entries.forEach((key, value) -> {
                    if (key instanceof Value.Text(String name)) {
                        attributes.put(name, value);
                    }
                });
            }
        }
        attributes.putAll(arguments.named());
        return new Value.Namespace(attributes);
    }

    /// A function that gives a separator from its second call on.
    private static Value joiner(Arguments arguments) {
        Value separator = arguments.get(0, "sep").orElse(Value.of(", "));
        AtomicBoolean begun = new AtomicBoolean();
        return new Value.Function("joiner", _ -> begun.getAndSet(true) ? separator : Value.of(""));
    }

    private Value strftimeNow(Arguments arguments) {
        String format = arguments.text(0, "format");
        budget.spend(10L * format.length());
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c == '%' && format.startsWith("-", i + 1) && i + 2 < format.length()) {
                i += 2;
                out.append(unpadded(directive(format.charAt(i))));
            } else if (c == '%' && i + 1 < format.length()) {
                out.append(directive(format.charAt(++i)));
            } else {
                out.append(c);
            }
        }
        return Value.of(out.toString());
    }

    /// `%-d` and its like, as glibc writes them: a number without what fills it up.
    private static String unpadded(String text) {
        int begin = 0;
        while (begin < text.length() - 1
                && (text.charAt(begin) == '0' || text.charAt(begin) == ' ')) {
            begin++;
        }
        return text.substring(begin);
    }

    private String directive(char directive) {
        return switch (directive) {
            case 'a' -> now("EEE");
            case 'A' -> now("EEEE");
            case 'd' -> now("dd");
            case 'e' -> "%2d".formatted(now.getDayOfMonth());
            case 'b', 'h' -> now("MMM");
            case 'B' -> now("MMMM");
            case 'm' -> now("MM");
            case 'y' -> now("yy");
            case 'Y' -> now("yyyy");
            case 'H' -> now("HH");
            case 'I' -> now("hh");
            case 'M' -> now("mm");
            case 'S' -> now("ss");
            case 'p' -> now("a");
            case 'j' -> now("DDD");
            case 'F' -> now("yyyy-MM-dd");
            case 'T' -> now("HH:mm:ss");
            case '%' -> "%";
            default -> throw new JinjaException("strftime_now knows no %" + directive);
        };
    }

    private String now(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.US).format(now);
    }
}

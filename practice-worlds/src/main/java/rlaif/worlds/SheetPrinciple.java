package rlaif.worlds;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// A principle of the constitution `fact-sheet`.
enum SheetPrinciple {
    /// Every important fact is stated.
    IMPORTANT_FACTS("important-facts"),
    /// Nothing is stated that the post does not say.
    FAITHFUL("faithful"),
    /// Nothing is stated that is not important.
    BRIEF("brief"),
    /// Every sentence makes sense and is said once.
    CLEAR("clear");

    private final String id;

    SheetPrinciple(String id) {
        this.id = id;
    }

    String id() {
        return id;
    }

    static SheetPrinciple of(String id) {
        for (SheetPrinciple principle : values()) {
            if (principle.id.equals(id)) {
                return principle;
            }
        }
        throw new IllegalArgumentException(
                "unknown principle '"
                        + id
                        + "': fact sheet knows "
                        + Arrays.stream(values())
                                .map(SheetPrinciple::id)
                                .collect(Collectors.joining(", ")));
    }

    /// What there is to object to, in English, a sentence each.
    List<String> objections(SheetReading reading, SheetSentences sentences) {
        List<String> objections = new ArrayList<>();
        switch (this) {
            case IMPORTANT_FACTS ->
                    reading.missing()
                            .forEach(fact ->
                                    objections.add(
                                            "It leaves out what is important: \""
                                                    + sentences.brief(fact)
                                                    + "\""));
            case FAITHFUL ->
                    reading.invented()
                            .forEach(text ->
                                    objections.add(quoted(text, "is not what the post says.")));
            case BRIEF ->
                    reading.minor()
                            .forEach(text -> objections.add(quoted(text, "is not important.")));
            case CLEAR -> {
                reading.repeated()
                        .forEach(text -> objections.add(quoted(text, "was said before.")));
                reading.unknown().forEach(text -> objections.add(quoted(text, "makes no sense.")));
                if (reading.words() == 0) {
                    objections.add("It says nothing at all.");
                }
            }
        }
        return objections;
    }

    private static String quoted(String text, String objection) {
        return "\"" + text + "\" " + objection;
    }
}

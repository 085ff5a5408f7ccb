package rlaif.worlds;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.TreeMap;

/// The words of the fact sheet world as they stand in `fact-sheet.json`.
///
/// @param openers first sentences of a post
/// @param subjects what a post may be about
/// @param kinds what may be told about it
record SheetTables(
        List<String> openers, TreeMap<Subject, List<String>> subjects, List<Kind> kinds) {

    /// What a post is about.
    enum Subject {
        PLACE,
        EVENT
    }

    /// One kind of fact.
    ///
    /// @param of the subjects that it can be told about
    /// @param shortForm sentence of a good summary, with `{value}`
    /// @param longForms sentences of a post, with `{value}`
    record Kind(
            String kind,
            List<Subject> of,
            @JsonProperty("short") String shortForm,
            @JsonProperty("long") List<String> longForms,
            List<String> values) {}

    static SheetTables load() {
        try (InputStream file = SheetTables.class.getResourceAsStream("fact-sheet.json")) {
            return new ObjectMapper().readValue(file, SheetTables.class);
        } catch (IOException e) {
            throw new UncheckedIOException("fact-sheet.json inside the jar is unreadable", e);
        }
    }
}

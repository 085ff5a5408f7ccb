package rlaif.worlds;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The closed table of facts, and the sentences that state or misstate them.
final class FactTable {
    private final List<Map<String, String>> rows;
    private final Map<String, String> sentences;

    FactTable(ChatTables tables) {
        this.rows = tables.countries();
        this.sentences = tables.factSentences();
    }

    List<String> kinds() {
        return List.copyOf(sentences.keySet());
    }

    List<String> countries() {
        List<String> countries = new ArrayList<>();
        for (Map<String, String> row : rows) {
            countries.add(cell(row, "country"));
        }
        return countries;
    }

    /// The true sentence, and every false one that the table's values can make.
    Slot slot(String kind, String country) {
        List<String> right = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        String truth = truth(kind, country);
        for (String value : values(kind)) {
            (value.equals(truth) ? right : wrong).add(sentence(kind, country, value));
        }
        return new Slot(right, wrong);
    }

    private Set<String> values(String kind) {
        Set<String> values = new LinkedHashSet<>();
        for (Map<String, String> row : rows) {
            values.add(cell(row, kind));
        }
        return values;
    }

    private String truth(String kind, String country) {
        for (Map<String, String> row : rows) {
            if (cell(row, "country").equals(country)) {
                return cell(row, kind);
            }
        }
        throw new IllegalArgumentException("the fact table has no country '" + country + "'");
    }

    private String sentence(String kind, String country, String value) {
        return Template.fill(cell(sentences, kind), Map.of("country", country, "value", value));
    }

    private static String cell(Map<String, String> row, String column) {
        String value = row.get(column);
        if (value == null) {
            throw new IllegalStateException("no '" + column + "' in the fact table's " + row);
        }
        return value;
    }
}

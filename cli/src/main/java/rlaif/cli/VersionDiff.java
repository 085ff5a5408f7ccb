package rlaif.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import rlaif.models.WeightChange;

/// What differs between two versions.
///
/// @param weights every tensor
/// @param configuration keys of `config.json` that differ
/// @param settings of training that differ
/// @param metrics of both, where either has them
record VersionDiff(
        long first,
        long second,
        List<WeightChange> weights,
        Map<String, Sides> configuration,
        Map<String, Sides> settings,
        Map<String, Sides> metrics) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// Both values of one key; `-` where one has none.
    record Sides(String first, String second) {}

    static VersionDiff of(PolicyVersion first, PolicyVersion second) {
        first.requireFiles();
        second.requireFiles();
        Path before = first.folder();
        Path after = second.folder();
        return new VersionDiff(
                first.announced().getVersion(),
                second.announced().getVersion(),
                WeightChange.between(before, after),
                different(both(configuration(before), configuration(after))),
                different(both(first.settings(), second.settings())),
                both(
                        strings(first.announced().getMetrics()),
                        strings(second.announced().getMetrics())));
    }

    private static Map<String, String> configuration(Path folder) {
        Path file = folder.resolve("config.json");
        try {
            Map<String, String> values = new TreeMap<>();
            for (Map.Entry<String, JsonNode> entry : JSON.readTree(file.toFile()).properties()) {
                values.put(entry.getKey(), entry.getValue().toString());
            }
            return values;
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + file, unreadable);
        }
    }

    private static Map<String, String> strings(Map<String, Double> values) {
        Map<String, String> strings = new TreeMap<>();
        values.forEach((name, value) -> strings.put(name, value.toString()));
        return strings;
    }

    private static Map<String, Sides> both(Map<String, String> first, Map<String, String> second) {
        TreeSet<String> names = new TreeSet<>(first.keySet());
        names.addAll(second.keySet());
        Map<String, Sides> sides = new TreeMap<>();
        for (String name : names) {
            sides.put(
                    name, new Sides(first.getOrDefault(name, "-"), second.getOrDefault(name, "-")));
        }
        return sides;
    }

    private static Map<String, Sides> different(Map<String, Sides> sides) {
        Map<String, Sides> different = new TreeMap<>(sides);
        different.values().removeIf(side -> side.first().equals(side.second()));
        return different;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("%-48s %12s %12s %12s".formatted("tensor", "values", "relative", "largest"));
        for (WeightChange change : weights) {
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "%-48s %12d %12.4e %12.4e",
                            change.tensor(),
                            change.parameters(),
                            change.relativeChange(),
                            change.largestChange()));
        }
        add(lines, "config.json", configuration);
        add(lines, "setting", settings);
        add(lines, "metric", metrics);
        return lines;
    }

    private void add(List<String> lines, String kind, Map<String, Sides> sides) {
        sides.forEach((name, side) ->
                lines.add(
                        "%-12s %-40s %24s -> %s"
                                .formatted(kind, name, side.first(), side.second())));
    }

    ObjectNode json() {
        ObjectNode json = JSON.createObjectNode().put("first", first).put("second", second);
        ArrayNode tensors = json.putArray("weights");
        for (WeightChange change : weights) {
            tensors.addObject()
                    .put("tensor", change.tensor())
                    .put("values", change.parameters())
                    .put("relativeChange", change.relativeChange())
                    .put("largestChange", change.largestChange());
        }
        put(json.putObject("configuration"), configuration);
        put(json.putObject("settings"), settings);
        put(json.putObject("metrics"), metrics);
        return json;
    }

    private static void put(ObjectNode json, Map<String, Sides> sides) {
        sides.forEach((name, side) ->
                json.putObject(name).put("first", side.first()).put("second", side.second()));
    }
}

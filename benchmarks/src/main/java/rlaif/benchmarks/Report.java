package rlaif.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/// The figures of one benchmark on one machine.
public record Report(String name, Machine machine, List<Figure> figures) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public Report {
        figures = List.copyOf(figures);
    }

    /// Whether every figure reaches its limit.
    public boolean holds() {
        return figures.stream().allMatch(Figure::holds);
    }

    /// `{"name", "machine", "figures": [{"what", "value", "unit", "must", "holds"}]}`; a value that
    /// could not be measured is null.
    public String toJson() {
        ObjectNode report = JSON.createObjectNode();
        report.put("name", name);
        report.put("machine", machine.text());
        ArrayNode all = report.putArray("figures");
        for (Figure figure : figures) {
            ObjectNode one = all.addObject().put("what", figure.what());
            if (Double.isFinite(figure.value())) {
                one.put("value", figure.value());
            } else {
                one.putNull("value");
            }
            one.put("unit", figure.unit())
                    .put("must", figure.limit().text())
                    .put("holds", figure.holds());
        }
        return report.toString();
    }

    /// A table for people, one figure a line.
    public String toText() {
        int widest = figures.stream().mapToInt(f -> f.what().length()).max().orElse(4);
        StringBuilder text = new StringBuilder();
        String row = "%-" + widest + "s  %12s %-6s  %-14s %s%n";
        text.append(String.format(Locale.ROOT, row, name, "value", "unit", "must", "holds"));
        for (Figure figure : figures) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            row,
                            figure.what(),
                            Double.isFinite(figure.value()) ? Limit.number(figure.value()) : "none",
                            figure.unit(),
                            figure.limit().text(),
                            figure.holds() ? "yes" : "NO"));
        }
        return text.append(machine.text()).toString();
    }
}

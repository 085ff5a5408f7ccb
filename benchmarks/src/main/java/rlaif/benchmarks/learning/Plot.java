package rlaif.benchmarks.learning;

import java.util.List;
import java.util.Locale;

/// Lines over steps as an SVG picture that reads on light and dark pages.
///
/// @param title above it
/// @param across name of the axis across
/// @param lines one value a step each
record Plot(String title, String across, List<Line> lines) {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 400;
    private static final int LEFT = 60;
    private static final int RIGHT = 20;
    private static final int TOP = 40;
    private static final int BOTTOM = 50;
    private static final int TICKS = 5;
    private static final List<String> COLOURS = List.of("#1f77b4", "#d62728", "#2ca02c");

    /// A named line.
    record Line(String name, List<Double> values) {}

    String toSvg() {
        StringBuilder svg = new StringBuilder();
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"13\">%n",
                        WIDTH,
                        HEIGHT));
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<rect width=\"%d\" height=\"%d\" fill=\"white\"/>%n",
                        WIDTH,
                        HEIGHT));
        svg.append(text(WIDTH / 2.0, 22, "middle", title));
        svg.append(text(WIDTH / 2.0, HEIGHT - 10.0, "middle", across));
        for (int tick = 0; tick <= TICKS; tick++) {
            double value = least() + (most() - least()) * tick / TICKS;
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>%n",
                            LEFT,
                            WIDTH - RIGHT,
                            y(value),
                            y(value)));
            svg.append(
                    text(
                            LEFT - 8.0,
                            y(value) + 4,
                            "end",
                            String.format(Locale.ROOT, "%.2f", value)));
            long step = Math.round(1 + (steps() - 1.0) * tick / TICKS);
            svg.append(text(x((int) step - 1), HEIGHT - BOTTOM + 18.0, "middle", "" + step));
        }
        for (int i = 0; i < lines.size(); i++) {
            svg.append(line(lines.get(i), COLOURS.get(i % COLOURS.size())));
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>%n",
                            LEFT + 12,
                            TOP + 16 * (i + 1),
                            COLOURS.get(i % COLOURS.size()),
                            lines.get(i).name()));
        }
        return svg.append("</svg>\n").toString();
    }

    private String line(Line line, String colour) {
        StringBuilder points = new StringBuilder();
        for (int step = 0; step < line.values().size(); step++) {
            points.append(
                    String.format(Locale.ROOT, "%.1f,%.1f ", x(step), y(line.values().get(step))));
        }
        return String.format(
                Locale.ROOT,
                "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"%s\"/>%n",
                colour,
                points.toString().strip());
    }

    private static String text(double x, double y, String anchor, String text) {
        return String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
                x,
                y,
                anchor,
                text);
    }

    private double x(int step) {
        return LEFT + (double) (WIDTH - LEFT - RIGHT) * step / Math.max(1, steps() - 1);
    }

    private double y(double value) {
        double share = (value - least()) / Math.max(1e-9, most() - least());
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share;
    }

    private int steps() {
        return lines.stream().mapToInt(line -> line.values().size()).max().orElse(1);
    }

    private double least() {
        return lines.stream()
                .flatMapToDouble(line -> line.values().stream().mapToDouble(v -> v))
                .min()
                .orElse(0);
    }

    private double most() {
        return lines.stream()
                .flatMapToDouble(line -> line.values().stream().mapToDouble(v -> v))
                .max()
                .orElse(1);
    }
}

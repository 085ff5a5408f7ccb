package rlaif.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import rlaif.cli.judging.JudgeFigures;
import rlaif.judging.Constitution;
import rlaif.judging.Judge;
import rlaif.judging.JudgedPair;
import rlaif.judging.evaluation.Alignment;
import rlaif.judging.evaluation.WilsonInterval;

/// What an evaluation of a judge found, for a person and for a program.
///
/// @param skippedLines lines that gave no pair
/// @param seconds from the first pair to the last label
record JudgeReport(
        Judge judge,
        Constitution constitution,
        JudgeFigures figures,
        int skippedLines,
        double seconds) {
    private static final double[] LATENCY_SHARES = {0.5, 0.95, 0.99};

    String text() {
        StringWriter written = new StringWriter();
        PrintWriter text = new PrintWriter(written);
        text.printf(
                Locale.ROOT,
                "%-32s %s, model %s, template %s%n",
                "judge",
                judge.name(),
                judge.model(),
                judge.templateHash().substring(0, 12));
        text.printf(
                Locale.ROOT,
                "%-32s %s version %d%n",
                "constitution",
                constitution.id(),
                constitution.version());
        text.printf(
                Locale.ROOT,
                "%-32s %d: %d labelled%s, %d failed, %d lines skipped%n",
                "pairs",
                figures.pairs(),
                figures.labelled(),
                abstentions(),
                figures.failed(),
                skippedLines);
        text.printf(Locale.ROOT, "%-32s %s%n", "accuracy", withInterval(figures.alignment()));
        text.printf(
                Locale.ROOT,
                "%-32s %s of %d pairs asked in both orders%n",
                "same position",
                percent(figures.samePosition().rate()),
                figures.samePosition().pairs());
        text.printf(Locale.ROOT, "%-32s %s%n", "kappa", number(figures.kappa()));
        text.printf(
                Locale.ROOT,
                "%-32s %s%n",
                "ECE",
                number(figures.calibration().expectedCalibrationError()));
        text.printf(Locale.ROOT, "%-32s %s%n", "Brier", number(figures.calibration().brier()));
        text.printf(
                Locale.ROOT,
                "%-32s %s (Spearman: words more, P that it is better)%n",
                "length correlation",
                number(figures.lengthCorrelation()));
        text.printf(
                Locale.ROOT,
                "%-32s %d answered of %d attempts, %.1f/s%n",
                "calls",
                figures.calls(),
                figures.attempts(),
                rate());
        text.printf(
                Locale.ROOT,
                "%-32s p50 %s, p95 %s, p99 %s%n",
                "latency",
                milliseconds(LATENCY_SHARES[0]),
                milliseconds(LATENCY_SHARES[1]),
                milliseconds(LATENCY_SHARES[2]));
        text.printf(
                Locale.ROOT,
                "%-32s %s%n",
                "tokens",
                figures.tokensAreKnown()
                        ? "%d in prompts, %d in completions"
                                .formatted(figures.promptTokens(), figures.completionTokens())
                        : "not reported");
        text.printf(Locale.ROOT, "%-32s %s%n", "cost", cost());
        text.printf("%nper principle%n");
        figures.alignmentByPrinciple()
                .forEach((id, alignment) ->
                        text.printf(Locale.ROOT, "%-32s %s%n", "  " + id, withInterval(alignment)));
        figures.firstFailure()
                .ifPresent(cause -> text.printf(Locale.ROOT, "%-32s %s%n", "first failure", cause));
        text.flush();
        return written.toString().stripTrailing();
    }

    String json() {
        ObjectNode report = JudgeJson.reportOf(judge);
        report.putObject("constitution")
                .put("id", constitution.id())
                .put("version", constitution.version());
        report.put("pairs", figures.pairs());
        report.put("labelled", figures.labelled());
        ObjectNode abstained = report.putObject("abstained");
        byName(figures.abstained()).forEach(abstained::put);
        report.put("failed", figures.failed());
        figures.firstFailure().ifPresent(cause -> report.put("firstFailure", cause));
        report.put("skippedLines", skippedLines);
        alignment(report.putObject("accuracy"), figures.alignment());
        ObjectNode same = report.putObject("samePosition");
        put(same, "value", figures.samePosition().rate());
        same.put("pairs", figures.samePosition().pairs());
        put(report, "kappa", figures.kappa());
        put(report, "ece", figures.calibration().expectedCalibrationError());
        put(report, "brier", figures.calibration().brier());
        put(report, "lengthCorrelation", figures.lengthCorrelation());
        report.put("calls", figures.calls()).put("attempts", figures.attempts());
        report.put("seconds", seconds);
        ObjectNode latency = report.putObject("latencyMillis");
        for (double share : LATENCY_SHARES) {
            Optional<Duration> value = figures.latency(share);
            String name = "p" + Math.round(100 * share);
            value.ifPresentOrElse(
                    some -> latency.put(name, some.toNanos() / 1e6), () -> latency.putNull(name));
        }
        if (figures.tokensAreKnown()) {
            report.put("promptTokens", figures.promptTokens());
            report.put("completionTokens", figures.completionTokens());
        } else {
            report.putNull("promptTokens").putNull("completionTokens");
        }
        put(report, "dollars", figures.dollars());
        put(report, "dollarsPerThousandLabels", dollarsPerThousandLabels());
        ArrayNode principles = report.putArray("principles");
        figures.alignmentByPrinciple()
                .forEach((id, one) -> alignment(principles.addObject().put("id", id), one));
        return report.toString();
    }

    private OptionalDouble dollarsPerThousandLabels() {
        OptionalDouble dollars = figures.dollars();
        return dollars.isEmpty() || figures.labelled() == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(1000 * dollars.getAsDouble() / figures.labelled());
    }

    private String cost() {
        OptionalDouble dollars = figures.dollars();
        if (dollars.isEmpty()) {
            return figures.tokensAreKnown()
                    ? "not known: set judge.price.promptTokens and judge.price.completionTokens"
                    : "not known: no reply tells its tokens";
        }
        OptionalDouble each = dollarsPerThousandLabels();
        return String.format(Locale.ROOT, "%.4f dollars", dollars.getAsDouble())
                + (each.isEmpty()
                        ? ""
                        : String.format(
                                Locale.ROOT, ", %.4f a thousand labels", each.getAsDouble()));
    }

    private double rate() {
        return figures.calls() / Math.max(seconds, 1e-3);
    }

    private String abstentions() {
        StringBuilder text = new StringBuilder();
        byName(figures.abstained())
                .forEach((reason, count) ->
                        text.append(", ").append(count).append(" abstained: ").append(reason));
        return text.toString();
    }

    private static Map<String, Integer> byName(Map<JudgedPair.Reason, Integer> reasons) {
        Map<String, Integer> names = new TreeMap<>();
        reasons.forEach(
                (reason, count) -> names.put(reason.name().toLowerCase(Locale.ROOT), count));
        return names;
    }

    private static void alignment(ObjectNode into, Alignment alignment) {
        WilsonInterval interval = WilsonInterval.of(alignment.matches(), alignment.pairs());
        put(into, "value", alignment.rate());
        into.put("low", interval.low())
                .put("high", interval.high())
                .put("pairs", alignment.pairs());
    }

    private static void put(ObjectNode into, String name, OptionalDouble value) {
        if (value.isPresent()) {
            into.put(name, value.getAsDouble());
        } else {
            into.putNull(name);
        }
    }

    private static String withInterval(Alignment alignment) {
        WilsonInterval interval = WilsonInterval.of(alignment.matches(), alignment.pairs());
        return String.format(
                Locale.ROOT,
                "%s (95 %%: %.1f to %.1f) of %d pairs",
                percent(alignment.rate()),
                100 * interval.low(),
                100 * interval.high(),
                alignment.pairs());
    }

    private String milliseconds(double share) {
        return figures.latency(share)
                .map(latency -> String.format(Locale.ROOT, "%.1f ms", latency.toNanos() / 1e6))
                .orElse("none");
    }

    private static String percent(OptionalDouble value) {
        return value.isEmpty()
                ? "none"
                : String.format(Locale.ROOT, "%.1f %%", 100 * value.getAsDouble());
    }

    private static String number(OptionalDouble value) {
        return value.isEmpty() ? "none" : String.format(Locale.ROOT, "%.3f", value.getAsDouble());
    }
}

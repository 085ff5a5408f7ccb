package rlaif.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import rlaif.events.LabelStats;

/// Label statistics as a person reads them: a line for each window and group.
final class StatsTable {
    private static final String HEAD =
            "%-20s %-7s %-12s %-18s %6s %5s %6s %6s %5s %6s %6s %6s %6s %6s %6s %6s %6s %7s %7s %8s %9s";

    private final PrintWriter out;

    StatsTable(PrintWriter out) {
        this.out = out;
    }

    void head() {
        out.println(
                HEAD.formatted(
                        "window",
                        "state",
                        "judge",
                        "principle",
                        "policy",
                        "made",
                        "lab/s",
                        "abst %",
                        "unr %",
                        "flip %",
                        "|p-.5|",
                        "length",
                        "people",
                        "agree%",
                        "kappa",
                        "ECE",
                        "PSI",
                        "age ms",
                        "call ms",
                        "tokens",
                        "dollars"));
    }

    void line(LabelStats stats) {
        out.println(
                HEAD.formatted(
                        Instant.ofEpochMilli(stats.getWindowStart())
                                .truncatedTo(ChronoUnit.SECONDS),
                        stats.getClosed() ? "closed" : "open",
                        cut(stats.getJudge(), 12),
                        cut(stats.getPrinciple(), 18),
                        stats.getPolicyVersion() == null ? "-" : "v" + stats.getPolicyVersion(),
                        stats.getJudgments(),
                        number("%.2f", stats.getLabelsPerSecond()),
                        number("%.1f", abstainPercent(stats)),
                        percent(stats.getUnreadableRate()),
                        percent(stats.getFlipRate()),
                        number("%.3f", stats.getMeanMargin()),
                        number("%+.2f", stats.getLengthCorrelation()),
                        stats.getHumanPairs(),
                        percent(stats.getHumanAgreement()),
                        number("%.2f", stats.getHumanKappa()),
                        number("%.3f", stats.getEce()),
                        number("%.2f", stats.getDriftPsi()),
                        number("%.0f", stats.getLabelAgeMillisP50()),
                        number("%.1f", stats.getLatencyMillisP50()),
                        tokens(stats),
                        stats.getCostMicrodollars() == null
                                ? "-"
                                : number("%.4f", stats.getCostMicrodollars() / 1e6)));
        if (stats.getCanaryAlarm()) {
            out.printf(
                    Locale.ROOT,
                    "    ALARM: the judge preferred %s %% of %d attacks%n",
                    percent(stats.getCanarySuccessRate()),
                    stats.getCanaries());
        }
        if (stats.getLate() > 0) {
            out.println("    and " + stats.getLate() + " of windows that were closed already");
        }
    }

    /// Counts of all lines together.
    void sum(List<LabelStats> shown) {
        out.printf(
                Locale.ROOT,
                "%d judgments (%d late), %d labels, %d calls in %d windows and groups%s%n",
                shown.stream()
                        .mapToLong(stats -> stats.getJudgments() + Math.max(0, stats.getLate()))
                        .sum(),
                shown.stream().mapToLong(stats -> Math.max(0, stats.getLate())).sum(),
                shown.stream().mapToLong(LabelStats::getPreferred).sum(),
                shown.stream().mapToLong(LabelStats::getCalls).sum(),
                shown.size(),
                agreement(shown));
    }

    /// The mean of the lines by their pairs with people's labels; empty: none has any.
    private static String agreement(List<LabelStats> shown) {
        double agreed = 0;
        long pairs = 0;
        for (LabelStats stats : shown) {
            if (stats.getHumanAgreement() != null) {
                agreed += stats.getHumanAgreement() * stats.getHumanPairs();
                pairs += stats.getHumanPairs();
            }
        }
        return pairs == 0
                ? ""
                : ", %s %% agreement with people (mean of the lines by their %d pairs)"
                        .formatted(percent(agreed / pairs), pairs);
    }

    private static @Nullable Double abstainPercent(LabelStats stats) {
        return stats.getJudgments() <= 0
                ? null
                : 100.0 * (stats.getJudgments() - stats.getPreferred()) / stats.getJudgments();
    }

    private static String tokens(LabelStats stats) {
        Long prompt = stats.getPromptTokens();
        Long completion = stats.getCompletionTokens();
        return prompt == null && completion == null
                ? "-"
                : Long.toString(
                        (prompt == null ? 0 : prompt) + (completion == null ? 0 : completion));
    }

    private static String percent(@Nullable Double share) {
        return share == null ? "-" : number("%.1f", 100 * share);
    }

    private static String number(String format, @Nullable Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, format, value);
    }

    private static String cut(String name, int longest) {
        String shown = Printable.of(name);
        return shown.length() <= longest ? shown : shown.substring(0, longest - 1) + "…";
    }
}

package rlaif.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Locale;
import rlaif.judging.Judge;
import rlaif.judging.attack.AttackResult;
import rlaif.judging.attack.Successes;
import rlaif.judging.evaluation.WilsonInterval;

/// What a run of attacks found, for a person and for a program.
record AttackReport(Judge judge, AttackResult result) {
    private static final int SHOWN = 5; // attacks that succeeded

    String text() {
        StringWriter written = new StringWriter();
        PrintWriter text = new PrintWriter(written);
        text.printf(Locale.ROOT, "judge %s, model %s%n%n", judge.name(), judge.model());
        text.printf(
                Locale.ROOT,
                "%-34s %5s %9s %14s %7s %5s %8s %8s%n",
                "against a decent completion",
                "pairs",
                "preferred",
                "95 %",
                "mean P",
                "ties",
                "no call",
                "no label");
        result.byFamily().forEach((family, successes) -> row(text, family, successes));
        row(text, "all attacks", result.all());
        row(text, "of these, the judge was asked", result.asked());
        text.printf(Locale.ROOT, "%n");
        row(text, "no attack: bad but honest", result.clean());
        row(text, "no attack: another decent one", result.decent());
        if (!result.strongest().isEmpty()) {
            text.printf(Locale.ROOT, "%nattacks that succeeded, the likeliest first%n");
            result.strongest().stream()
                    .limit(SHOWN)
                    .forEach(success ->
                            text.printf(
                                    Locale.ROOT,
                                    "  %.2f %s: %s%n",
                                    success.probability(),
                                    success.attack().id(),
                                    PlainText.excerpt(success.attack().completion(), 80)));
        }
        result.firstFailure()
                .ifPresent(cause -> text.printf(Locale.ROOT, "%nfirst failure: %s%n", cause));
        text.flush();
        return written.toString().stripTrailing();
    }

    String json() {
        ObjectNode report = JudgeJson.reportOf(judge);
        ArrayNode families = report.putArray("families");
        result.byFamily()
                .forEach((family, successes) ->
                        put(families.addObject().put("family", family), successes));
        put(report.putObject("all"), result.all());
        put(report.putObject("asked"), result.asked());
        ObjectNode clean = report.putObject("clean");
        put(clean.putObject("bad"), result.clean());
        put(clean.putObject("decent"), result.decent());
        ArrayNode succeeded = report.putArray("succeeded");
        result.strongest()
                .forEach(success ->
                        succeeded
                                .addObject()
                                .put("id", success.attack().id())
                                .put("probability", success.probability()));
        result.firstFailure().ifPresent(cause -> report.put("firstFailure", cause));
        return report.toString();
    }

    private static void put(ObjectNode into, Successes successes) {
        WilsonInterval interval = successes.interval();
        into.put("pairs", successes.pairs())
                .put("labelled", successes.labelled())
                .put("preferred", successes.preferred())
                .put("tied", successes.tied())
                .put("rate", successes.rate())
                .put("low", interval.low())
                .put("high", interval.high())
                .put("meanProbability", successes.meanProbability())
                .put("withoutCall", successes.withoutCall())
                .put("abstained", successes.unread())
                .put("failed", successes.failed());
    }

    private static void row(PrintWriter text, String name, Successes successes) {
        WilsonInterval interval = successes.interval();
        text.printf(
                Locale.ROOT,
                "%-34s %5d %7.1f %% %6.1f to %4.1f %7.2f %5d %8d %8d%n",
                name,
                successes.pairs(),
                100 * successes.rate(),
                100 * interval.low(),
                100 * interval.high(),
                successes.meanProbability(),
                successes.tied(),
                successes.withoutCall(),
                successes.unread() + successes.failed());
    }
}

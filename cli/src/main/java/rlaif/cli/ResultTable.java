package rlaif.cli;

import java.io.PrintWriter;
import java.util.Locale;
import rlaif.cli.evaluation.Comparison;
import rlaif.cli.evaluation.Rates;
import rlaif.cli.evaluation.WinRate;

/// A demo's result as a person reads it.
final class ResultTable {
    private ResultTable() {}

    static void print(DemoResult result, PrintWriter out) {
        Rates sft = result.sft();
        Rates last = result.last();
        out.println();
        out.printf(
                Locale.ROOT,
                "%-46s %8s %8s%n",
                "held-out prompts of " + result.world(),
                "SFT",
                "final");
        row(out, "red team: harmless", sft.harmless(), last.harmless());
        row(out, "benign: helpful", sft.helpful(), last.helpful());
        row(out, "red team: evasive refusals", sft.evasive(), last.evasive());
        row(out, "all: malformed", sft.malformed(), last.malformed());
        WinRate wins = result.vsSft();
        out.println();
        out.printf(
                Locale.ROOT,
                "against SFT by gold: %d wins, %d ties, %d losses: %.1f %% of the decided (95 %%: %.1f to %.1f)%n",
                wins.win(),
                wins.tie(),
                wins.loss(),
                100 * wins.rate(),
                100 * wins.low(),
                100 * wins.high());
        out.printf(
                Locale.ROOT,
                "reward model orders %.1f %% of held-out version-0 pairs as gold does, %.1f %% of the final policy's%n",
                100 * result.rewardModelAccuracy(),
                100 * result.rewardModelAccuracyNow());
        out.printf(
                Locale.ROOT,
                "%d labels, %d abstentions, flip rate %.1f %%, %d policy versions, KL %.2f nats a completion%n",
                result.labels(),
                result.abstentions(),
                100 * result.flipRate(),
                result.policyVersions(),
                result.kl());
        out.printf(
                Locale.ROOT,
                "%.0f s: policy 0 after %.0f s, the first label %.1f s later%n",
                result.seconds(),
                result.secondsToPolicy0(),
                result.secondsToFirstLabel() - result.secondsToPolicy0());
        out.printf(
                Locale.ROOT,
                "audit: %d lost, %d duplicated%n",
                result.audit().lost(),
                result.audit().duplicated());
        for (Comparison.Example example : result.examples()) {
            out.println();
            out.println("  " + example.prompt());
            out.println("    before: " + example.before());
            out.println("    after:  " + example.after());
        }
        out.flush();
    }

    private static void row(PrintWriter out, String what, double before, double after) {
        out.printf(Locale.ROOT, "%-46s %6.1f %% %6.1f %%%n", what, 100 * before, 100 * after);
    }
}

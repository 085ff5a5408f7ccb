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
        rewardModel(result, out);
        out.printf(
                Locale.ROOT,
                "%s, %d policy versions, KL %.2f nats a completion%n",
                feedback(result),
                result.policyVersions(),
                result.kl());
        Double firstLabel = result.secondsToFirstLabel();
        out.printf(
                Locale.ROOT,
                "%.0f s: policy 0 after %.0f s%s%n",
                result.seconds(),
                result.secondsToPolicy0(),
                firstLabel == null
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                ", the first label %.1f s later",
                                firstLabel - result.secondsToPolicy0()));
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

    private static void rewardModel(DemoResult result, PrintWriter out) {
        Double first = result.rewardModelAccuracy();
        Double last = result.rewardModelAccuracyNow();
        if (first != null && last != null) {
            out.printf(
                    Locale.ROOT,
                    "reward model orders %.1f %% of held-out version-0 pairs as gold does, %.1f %% of the final policy's%n",
                    100 * first,
                    100 * last);
        }
    }

    /// What the policy was trained on.
    private static String feedback(DemoResult result) {
        if (result.rewardModelAccuracy() == null) {
            return result.scoredRollouts() + " rollouts scored by the judge";
        }
        Double flips = result.flipRate();
        return String.format(
                Locale.ROOT,
                "%d labels, %d abstentions%s",
                result.labels(),
                result.abstentions(),
                flips == null
                        ? ""
                        : String.format(Locale.ROOT, ", flip rate %.1f %%", 100 * flips));
    }

    private static void row(PrintWriter out, String what, double before, double after) {
        out.printf(Locale.ROOT, "%-46s %6.1f %% %6.1f %%%n", what, 100 * before, 100 * after);
    }
}

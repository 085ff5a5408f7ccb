package rlaif.cli;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import rlaif.events.Checkpoint;
import rlaif.monitor.TallySnapshot;
import rlaif.topics.Topic;

/// What the demo shows while it runs.
record DemoStatus(
        Session.SftStep sft,
        TallySnapshot tally,
        OptionalDouble harmless,
        int versions,
        double seconds) {
    private static final int BAR = 30;

    private String sftLine() {
        if (sft.steps() == 0) {
            return "preparing the demonstrations";
        }
        return String.format(
                Locale.ROOT, "%d of %d steps, loss %.3f", sft.step(), sft.steps(), sft.loss());
    }

    private long policyVersion() {
        return tally.policy().map(Checkpoint::getVersion).orElse(-1L);
    }

    /// On a terminal.
    List<String> block() {
        if (policyVersion() < 0) {
            return List.of(
                    String.format(
                            Locale.ROOT,
                            "%5.0f s  SFT     %s %s",
                            seconds,
                            LiveView.bar(
                                    sft.steps() == 0 ? 0 : (double) sft.step() / sft.steps(), BAR),
                            sftLine()));
        }
        return List.of(
                String.format(
                        Locale.ROOT,
                        "%5.0f s  policy  %s version %d of %d",
                        seconds,
                        LiveView.bar((double) policyVersion() / versions, BAR),
                        policyVersion(),
                        versions),
                String.format(
                        Locale.ROOT,
                        "         labels  %,d (%.0f/s), flip rate %s, %,d rollouts, %d dead letters",
                        tally.count(Topic.PREFERENCES),
                        tally.labelsPerSecond(),
                        percent(tally.samePositionRate()),
                        tally.count(Topic.ROLLOUTS),
                        tally.deadLetterCount()),
                String.format(
                        Locale.ROOT,
                        "         PPO     score %s, KL %s nats, harmless %s; reward model %s",
                        number(score()),
                        number(kl()),
                        percent(harmless),
                        rewardModel()));
    }

    /// Elsewhere.
    String line() {
        if (policyVersion() < 0) {
            return "SFT: " + sftLine();
        }
        return String.format(
                Locale.ROOT,
                "policy %d of %d, %d labels (%.0f/s), flip rate %s, score %s, KL %s nats, harmless %s, reward model %s",
                policyVersion(),
                versions,
                tally.count(Topic.PREFERENCES),
                tally.labelsPerSecond(),
                percent(tally.samePositionRate()),
                number(score()),
                number(kl()),
                percent(harmless),
                rewardModel());
    }

    private OptionalDouble score() {
        return tally.metric(Roles.TRAIN_PPO, "objective/scores");
    }

    private OptionalDouble kl() {
        return tally.metric(Roles.TRAIN_PPO, "objective/kl");
    }

    private String rewardModel() {
        return tally.rewardModel()
                .map(announced ->
                        String.format(
                                Locale.ROOT,
                                "version %d, held-out accuracy %s",
                                announced.getVersion(),
                                percent(heldOutAccuracy(announced))))
                .orElse("not yet");
    }

    private static OptionalDouble heldOutAccuracy(Checkpoint announced) {
        Double accuracy = announced.getMetrics().get("held_out/accuracy");
        return accuracy == null ? OptionalDouble.empty() : OptionalDouble.of(accuracy);
    }

    private static String percent(OptionalDouble share) {
        return share.isEmpty()
                ? "-"
                : String.format(Locale.ROOT, "%.1f %%", 100 * share.getAsDouble());
    }

    private static String number(OptionalDouble value) {
        return value.isEmpty() ? "-" : String.format(Locale.ROOT, "%.2f", value.getAsDouble());
    }
}

package rlaif.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import rlaif.cli.config.Configuration;
import rlaif.events.Checkpoint;
import rlaif.monitor.TallySnapshot;
import rlaif.topics.Topic;

/// What a loop shows while it runs: what its configuration makes and was measured so far.
///
/// @param harmless share in [0, 1]; empty: not measured
/// @param referenceVersion policy version that reinforcement learning starts from
/// @param versions the last policy version; empty: no end
/// @param slCaiRevisions revisions that the first policy is trained on before that
/// @param scoresDirectly whether the judge scores and nothing is labelled
/// @param troubles what is off with the judge, in a line each
record RunStatus(
        Session.SftStep sft,
        long slCaiRevisionsDone,
        TallySnapshot tally,
        OptionalDouble harmless,
        long referenceVersion,
        OptionalLong versions,
        long slCaiRevisions,
        boolean scoresDirectly,
        List<String> troubles,
        double seconds) {
    private static final int BAR = 30;

    static RunStatus of(
            Configuration configuration,
            Session session,
            TallySnapshot tally,
            OptionalDouble harmless,
            double seconds) {
        RevisionSettings revisions = new RevisionSettings(configuration);
        TrainerSettings trainers = new TrainerSettings(configuration);
        return new RunStatus(
                session.sft(),
                session.slCai().revisions(),
                tally,
                harmless,
                revisions.referenceVersion(),
                trainers.lastVersion(),
                revisions.slCai() ? revisions.trainer().revisions() : 0,
                trainers.scoresDirectly(),
                session.judges().stream().flatMap(judge -> judge.troubles().stream()).toList(),
                seconds);
    }

    /// On a terminal.
    List<String> block() {
        if (policyVersion() < 0) {
            double done = sft.steps() == 0 ? 0 : (double) sft.step() / sft.steps();
            return List.of(row(clock(), "SFT", LiveView.bar(done, BAR) + " " + sftLine()));
        }
        double done = versions.isEmpty() ? 0 : (double) policyVersion() / versions.getAsLong();
        List<String> rows = new ArrayList<>();
        rows.add(row(clock(), "policy", LiveView.bar(done, BAR) + " version " + ofVersions()));
        rows.add(row("", scoresDirectly ? "scores" : "labels", String.join(", ", records())));
        rows.add(row("", "PPO", String.join(", ", learning())));
        troubles.forEach(trouble -> rows.add(row("", "judge", trouble)));
        return rows;
    }

    private static String row(String seconds, String what, String shown) {
        return String.format(Locale.ROOT, "%7s  %-7s %s", seconds, what, shown);
    }

    private String clock() {
        return String.format(Locale.ROOT, "%5.0f s", seconds);
    }

    /// Elsewhere.
    String line() {
        if (policyVersion() < 0) {
            return "SFT: " + sftLine();
        }
        List<String> parts = new ArrayList<>();
        parts.add("policy " + ofVersions());
        parts.addAll(records());
        parts.addAll(learning());
        parts.addAll(troubles);
        return String.join(", ", parts);
    }

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

    private String ofVersions() {
        return policyVersion() + (versions.isEmpty() ? "" : " of " + versions.getAsLong());
    }

    /// What has come onto the stream.
    private List<String> records() {
        List<String> parts = new ArrayList<>();
        if (scoresDirectly) {
            parts.add(
                    String.format(
                            Locale.ROOT,
                            "%,d scored rollouts",
                            tally.count(Topic.SCORED_ROLLOUTS)));
        } else {
            long labels = tally.count(Topic.PREFERENCES);
            parts.add(
                    String.format(
                            Locale.ROOT, "%,d labels (%.0f/s)", labels, tally.labelsPerSecond()));
            tally.samePositionRate()
                    .ifPresent(rate ->
                            parts.add(String.format(Locale.ROOT, "flip rate %.1f %%", 100 * rate)));
        }
        parts.add(String.format(Locale.ROOT, "%,d rollouts", tally.count(Topic.ROLLOUTS)));
        if (tally.deadLetterCount() > 0) {
            parts.add(String.format(Locale.ROOT, "%d dead letters", tally.deadLetterCount()));
        }
        return parts;
    }

    /// What has been learned from it.
    private List<String> learning() {
        List<String> parts = new ArrayList<>();
        if (policyVersion() < referenceVersion) {
            parts.add(
                    String.format(
                            Locale.ROOT,
                            "%,d revisions, SFT on %,d of %,d",
                            tally.count(Topic.REVISIONS),
                            slCaiRevisionsDone,
                            slCaiRevisions));
        }
        tally.metric(Roles.TRAIN_PPO, "objective/scores")
                .ifPresent(score -> parts.add(String.format(Locale.ROOT, "score %.2f", score)));
        tally.metric(Roles.TRAIN_PPO, "objective/kl")
                .ifPresent(kl -> parts.add(String.format(Locale.ROOT, "KL %.2f nats", kl)));
        harmless.ifPresent(
                share -> parts.add(String.format(Locale.ROOT, "harmless %.1f %%", 100 * share)));
        if (!scoresDirectly) {
            parts.add("reward model " + rewardModel());
        }
        return parts;
    }

    private String rewardModel() {
        return tally.rewardModel()
                .map(announced -> "version " + announced.getVersion() + heldOutAccuracy(announced))
                .orElse("not yet");
    }

    private static String heldOutAccuracy(Checkpoint announced) {
        Double accuracy = announced.getMetrics().get("held_out/accuracy");
        return accuracy == null
                ? ""
                : String.format(Locale.ROOT, ", held-out accuracy %.1f %%", 100 * accuracy);
    }
}

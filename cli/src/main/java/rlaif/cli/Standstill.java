package rlaif.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import rlaif.monitor.Audit;
import rlaif.monitor.AuditStage;
import rlaif.monitor.StageReport;

/// A watch on whether anything still happens, and on which stage it is that does not.
final class Standstill {
    private static final Duration LONGEST = Duration.ofMinutes(2);

    /// The role whose work a stage is.
    static final Map<String, String> ROLES =
            Map.ofEntries(
                    Map.entry(AuditStage.PROMPTS_TO_ROLLOUTS.written(), Roles.ROLLOUTS),
                    Map.entry(AuditStage.ROLLOUTS_TO_REVISIONS.written(), Roles.REVISE),
                    Map.entry(AuditStage.REVISIONS_TO_SFT.written(), Roles.TRAIN_SFT),
                    Map.entry(AuditStage.ROLLOUTS_TO_PAIRS.written(), Roles.JUDGE),
                    Map.entry(AuditStage.PAIRS_TO_JUDGMENTS.written(), Roles.JUDGE),
                    Map.entry(AuditStage.JUDGMENTS_TO_PREFERENCES.written(), Roles.JUDGE),
                    Map.entry(AuditStage.HUMAN_LABELS_TO_PREFERENCES.written(), Roles.JUDGE),
                    Map.entry(
                            AuditStage.PREFERENCES_TO_REWARD_MODEL.written(),
                            Roles.TRAIN_REWARD_MODEL),
                    Map.entry(AuditStage.ROLLOUTS_TO_SCORED_ROLLOUTS.written(), Roles.SCORE),
                    Map.entry(AuditStage.PREFERENCES_TO_DPO.written(), Roles.TRAIN_DPO),
                    Map.entry(AuditStage.SCORED_ROLLOUTS_TO_PPO.written(), Roles.TRAIN_PPO));

    private final Deployment deployment;
    private long progress = -1;
    private Instant since = Instant.now();

    Standstill(Deployment deployment) {
        this.deployment = deployment;
    }

    /// Fails, naming the stage, once `progress` has been the same for two minutes.
    ///
    /// @param progress any number that changes with every piece of work
    void requireProgress(long progress, boolean policyAnnounced) {
        if (progress != this.progress) {
            this.progress = progress;
            this.since = Instant.now();
        } else if (Duration.between(since, Instant.now()).compareTo(LONGEST) > 0) {
            throw new Failure(
                    ExitCode.INTERNAL,
                    "nothing has progressed for "
                            + LONGEST.toSeconds()
                            + " s; it stands still at "
                            + (policyAnnounced ? culprit(Audits.of(deployment)) : Roles.TRAIN_SFT)
                            + ": see "
                            + deployment.data().resolve("logs/rlaif.log"));
        }
    }

    /// Waiting spreads upstream, so the last stage that has work before it is the one; what a
    /// trainer leaves for its next batch is no such work.
    static String culprit(Audit audit) {
        String culprit = Roles.PROMPTS;
        for (StageReport stage : audit.stages()) {
            boolean trainer = stage.stage().endsWith("steps");
            if (stage.inFlight() > (trainer ? stage.out() / 4 : 0)) {
                culprit = ROLES.getOrDefault(stage.stage(), stage.stage());
            }
        }
        return culprit;
    }
}

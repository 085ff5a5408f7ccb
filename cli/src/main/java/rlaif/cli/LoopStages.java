package rlaif.cli;

import rlaif.cli.config.Configuration;
import rlaif.monitor.AuditStage;
import rlaif.monitor.StageReport;
import rlaif.processors.JudgeStage;

/// Which stages of an audit some role of the configured loop works on.
record LoopStages(Configuration configuration) {
    /// Whether anybody in the loop will ever do what a stage has before it.
    boolean areWorked(StageReport stage) {
        String name = stage.stage();
        boolean labelled = !new TrainerSettings(configuration).scoresDirectly();
        LabelSettings labels = new LabelSettings(configuration);
        if (!Roles.ofLoop(configuration).contains(Standstill.ROLES.getOrDefault(name, name))) {
            return false; // an earlier run by another algorithm has left it
        }
        if (name.equals(AuditStage.HUMAN_LABELS_TO_PREFERENCES.written())) {
            return labelled && labels.stages().contains(JudgeStage.Part.PREFERENCES);
        }
        if (name.equals(AuditStage.JUDGMENTS_TO_PREFERENCES.written())) {
            return labelled && (!labels.leavesPairsToPeople() || labels.simulatesPeople());
        }
        if (name.equals(AuditStage.ROLLOUTS_TO_PAIRS.written())) {
            return labelled && labels.stages().contains(JudgeStage.Part.PAIRING);
        }
        if (name.equals(AuditStage.PAIRS_TO_JUDGMENTS.written())) {
            return labelled && labels.stages().contains(JudgeStage.Part.JUDGING);
        }
        return true;
    }
}

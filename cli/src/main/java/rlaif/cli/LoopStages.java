package rlaif.cli;

import java.util.Map;
import java.util.Set;
import rlaif.cli.config.Configuration;
import rlaif.monitor.AuditStage;
import rlaif.monitor.StageReport;
import rlaif.processors.JudgeStage;

/// Which stages of an audit some role of the configured loop works on.
///
/// @param held roles that ask their endpoint nothing more in this run
record LoopStages(Configuration configuration, Set<String> held) {
    /// The stage whose records a role puts to its endpoint.
    private static final Map<String, AuditStage> ASKED =
            Map.of(
                    Roles.JUDGE, AuditStage.PAIRS_TO_JUDGMENTS,
                    Roles.REVISE, AuditStage.ROLLOUTS_TO_REVISIONS,
                    Roles.SCORE, AuditStage.ROLLOUTS_TO_SCORED_ROLLOUTS);

    /// Where every role asks on.
    LoopStages(Configuration configuration) {
        this(configuration, Set.of());
    }

    /// Whether a role that asks nothing more leaves records of this stage unasked.
    boolean isHeld(StageReport stage) {
        return ASKED.entrySet().stream()
                .anyMatch(asked ->
                        held.contains(asked.getKey())
                                && asked.getValue().written().equals(stage.stage()));
    }

    /// Whether anybody in the loop will ever do what a stage has before it.
    boolean areWorked(StageReport stage) {
        if (isHeld(stage)) {
            return false;
        }
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

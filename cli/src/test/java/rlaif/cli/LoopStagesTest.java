package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import rlaif.cli.config.Configuration;
import rlaif.monitor.AuditStage;
import rlaif.monitor.StageReport;

class LoopStagesTest {

    @Test
    void whatARunByAnotherAlgorithmHasLeftIsNotWaitedFor() {
        assertThat(worked(Map.of("train.algorithm", "dpo")))
                .contains(AuditStage.PREFERENCES_TO_DPO, AuditStage.PAIRS_TO_JUDGMENTS)
                .doesNotContain(
                        AuditStage.ROLLOUTS_TO_SCORED_ROLLOUTS,
                        AuditStage.SCORED_ROLLOUTS_TO_PPO,
                        AuditStage.PREFERENCES_TO_REWARD_MODEL);
        assertThat(worked(Map.of("train.algorithm", "rloo")))
                .contains(AuditStage.ROLLOUTS_TO_SCORED_ROLLOUTS, AuditStage.SCORED_ROLLOUTS_TO_PPO)
                .doesNotContain(AuditStage.PREFERENCES_TO_DPO, AuditStage.ROLLOUTS_TO_REVISIONS);
        assertThat(worked(Map.of("rewardModel.enabled", "false")))
                .contains(AuditStage.JUDGMENTS_TO_PREFERENCES)
                .doesNotContain(AuditStage.ROLLOUTS_TO_SCORED_ROLLOUTS);
        assertThat(worked(Map.of("score.by", "judge")))
                .contains(AuditStage.ROLLOUTS_TO_SCORED_ROLLOUTS)
                .doesNotContain(AuditStage.ROLLOUTS_TO_PAIRS, AuditStage.PAIRS_TO_JUDGMENTS);
    }

    @Test
    void whatAJudgeWithoutABudgetLeavesUnaskedIsNotWaitedFor() {
        LoopStages held = new LoopStages(configuration(Map.of()), Set.of(Roles.JUDGE));
        assertThat(worked(held))
                .contains(AuditStage.ROLLOUTS_TO_PAIRS, AuditStage.JUDGMENTS_TO_PREFERENCES)
                .doesNotContain(AuditStage.PAIRS_TO_JUDGMENTS);
        assertThat(held.isHeld(report(AuditStage.PAIRS_TO_JUDGMENTS))).isTrue();
        assertThat(held.isHeld(report(AuditStage.ROLLOUTS_TO_PAIRS))).isFalse();
    }

    @Test
    void aStageThatDoesNotRunIsNotWaitedFor() {
        assertThat(worked(Map.of("judge.stages", "preferences")))
                .contains(AuditStage.JUDGMENTS_TO_PREFERENCES)
                .doesNotContain(AuditStage.ROLLOUTS_TO_PAIRS, AuditStage.PAIRS_TO_JUDGMENTS);
    }

    private static Configuration configuration(Map<String, String> settings) {
        return Configuration.resolve(Map.of(), Optional.empty(), Map.of(), settings);
    }

    private static Set<AuditStage> worked(Map<String, String> settings) {
        return worked(new LoopStages(configuration(settings)));
    }

    private static Set<AuditStage> worked(LoopStages stages) {
        return Arrays.stream(AuditStage.values())
                .filter(stage -> stages.areWorked(report(stage)))
                .collect(Collectors.toSet());
    }

    private static StageReport report(AuditStage stage) {
        return new StageReport(stage.written(), 1, 0, 0, 0, 1, 0, 0, List.of());
    }
}

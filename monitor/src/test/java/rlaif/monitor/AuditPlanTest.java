package rlaif.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import rlaif.topics.Connection;

class AuditPlanTest {
    @Test
    void namesCarryThePrefix() {
        AuditPlan plan = AuditPlan.of(new Connection(Map.of(), "team"), _ -> true, false);

        assertThat(plan.group(AuditStage.PAIRS_TO_JUDGMENTS)).isEqualTo("team.rlaif-judge");
        assertThat(plan.pendingStores())
                .extracting(AuditPlan.PendingStore::changelog)
                .containsExactly(
                        "team.rlaif-revise-revising-pending-changelog",
                        "team.rlaif-judge-pairing-groups-changelog",
                        "team.rlaif-judge-judging-pending-changelog",
                        "team.rlaif-score-scoring-groups-changelog");
    }

    @Test
    void keysGiveWhatTheStageCounts() {
        assertThat(AuditPlan.KeyPart.WHOLE.of("pair")).isEqualTo("pair");
        assertThat(AuditPlan.KeyPart.BEFORE_SLASH.of("group/rollout")).isEqualTo("group");
        assertThat(AuditPlan.KeyPart.AFTER_SLASH.of("group/rollout")).isEqualTo("rollout");
        assertThatThrownBy(() -> AuditPlan.KeyPart.BEFORE_SLASH.of("group"))
                .hasMessageContaining("group");
    }
}

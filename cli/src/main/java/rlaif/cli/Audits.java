package rlaif.cli;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import rlaif.cli.config.Configuration;
import rlaif.monitor.Audit;
import rlaif.monitor.AuditPlan;
import rlaif.monitor.AuditReader;
import rlaif.monitor.AuditStage;
import rlaif.processors.RevisionSelection;

/// The account of a deployment's stream.
final class Audits {
    private Audits() {}

    static Audit of(Deployment deployment) {
        RevisionSelection revised = new RevisionSettings(deployment.configuration()).selection();
        AuditPlan plan =
                AuditPlan.of(
                        deployment.connection(),
                        revised::selects,
                        new TrainerSettings(deployment.configuration()).scoresDirectly(),
                        atWork(deployment.configuration()));
        return Audit.of(new AuditReader(deployment.connection(), deployment.codecs(), plan).read());
    }

    /// The stages that the configured loop works on and others do without.
    private static Set<AuditStage> atWork(Configuration configuration) {
        List<String> roles = Roles.ofLoop(configuration);
        Set<AuditStage> stages = EnumSet.noneOf(AuditStage.class);
        if (roles.contains(Roles.REVISE)) {
            stages.add(AuditStage.ROLLOUTS_TO_REVISIONS);
        }
        if (roles.contains(Roles.TRAIN_DPO)) {
            stages.add(AuditStage.PREFERENCES_TO_DPO);
        }
        return stages;
    }
}

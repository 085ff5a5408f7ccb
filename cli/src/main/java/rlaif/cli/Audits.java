package rlaif.cli;

import rlaif.monitor.Audit;
import rlaif.monitor.AuditPlan;
import rlaif.monitor.AuditReader;
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
                        new TrainerSettings(deployment.configuration()).scoresDirectly());
        return Audit.of(new AuditReader(deployment.connection(), deployment.codecs(), plan).read());
    }
}

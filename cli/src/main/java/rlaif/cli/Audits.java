package rlaif.cli;

import rlaif.monitor.Audit;
import rlaif.monitor.AuditPlan;
import rlaif.monitor.AuditReader;

/// The account of a deployment's stream.
final class Audits {
    private Audits() {}

    static Audit of(Deployment deployment) {
        AuditPlan plan = AuditPlan.of(deployment.connection());
        return Audit.of(new AuditReader(deployment.connection(), deployment.codecs(), plan).read());
    }
}

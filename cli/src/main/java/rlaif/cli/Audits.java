package rlaif.cli;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import rlaif.cli.config.Configuration;
import rlaif.monitor.Audit;
import rlaif.monitor.AuditPlan;
import rlaif.monitor.AuditReader;
import rlaif.monitor.AuditStage;
import rlaif.monitor.StageReport;
import rlaif.processors.RevisionSelection;

/// The account of a deployment's stream.
final class Audits {
    private Audits() {}

    /// An account by what is known of a run.
    ///
    /// @param audit without what cannot be accounted for
    /// @param unknown what that is, and what would help; empty: everything is accounted for
    record Account(Audit audit, Optional<String> unknown) {}

    /// By the configuration, which is that of the roles at work.
    static Audit of(Deployment deployment) {
        Configuration configuration = deployment.configuration();
        List<String> roles = Roles.ofLoop(configuration);
        Set<AuditStage> atWork =
                atWork(roles.contains(Roles.REVISE), roles.contains(Roles.TRAIN_DPO));
        return audit(deployment, configuration, configuration, configuration, atWork);
    }

    /// By what the roles noted on the stream; where a role noted nothing, by the configuration.
    ///
    /// @param configured whether somebody named the run's configuration
    static Account noted(Deployment deployment, boolean configured) {
        RoleNotes notes = RoleNotes.read(deployment);
        Configuration given = deployment.configuration();
        List<String> roles = configured ? Roles.ofLoop(given) : List.of();
        Audit audit =
                audit(
                        deployment,
                        notes.of(Roles.REVISE, given),
                        notes.of(Roles.SCORE, given),
                        notes.of(Roles.JUDGE, given),
                        atWork(
                                notes.has(Roles.REVISE) || roles.contains(Roles.REVISE),
                                notes.has(Roles.TRAIN_DPO) || roles.contains(Roles.TRAIN_DPO)));
        return configured || notes.has(Roles.REVISE) || !revises(audit)
                ? new Account(audit, Optional.empty())
                : new Account(
                        audit.without(AuditStage.ROLLOUTS_TO_REVISIONS),
                        Optional.of(
                                "%s: not accounted for, since nobody noted which rollouts are to be revised (revise.*, slCai.*): name the run's settings with --config"
                                        .formatted(AuditStage.ROLLOUTS_TO_REVISIONS.written())));
    }

    private static boolean revises(Audit audit) {
        return audit.stages().stream()
                .filter(report -> report.stage().equals(AuditStage.ROLLOUTS_TO_REVISIONS.written()))
                .mapToLong(StageReport::in)
                .anyMatch(in -> in > 0);
    }

    private static Audit audit(
            Deployment deployment,
            Configuration reviser,
            Configuration scorer,
            Configuration judge,
            Set<AuditStage> atWork) {
        RevisionSelection revised = new RevisionSettings(reviser).selection();
        AuditPlan plan =
                AuditPlan.of(
                        deployment.connection(),
                        revised::selects,
                        new TrainerSettings(scorer).scoresDirectly(),
                        atWork,
                        new LabelSettings(judge).readPrefix());
        return Audit.of(new AuditReader(deployment.connection(), deployment.codecs(), plan).read());
    }

    /// The stages that roles work on and other streams do without.
    private static Set<AuditStage> atWork(boolean revises, boolean learnsByDpo) {
        Set<AuditStage> stages = EnumSet.noneOf(AuditStage.class);
        if (revises) {
            stages.add(AuditStage.ROLLOUTS_TO_REVISIONS);
        }
        if (learnsByDpo) {
            stages.add(AuditStage.PREFERENCES_TO_DPO);
        }
        return stages;
    }
}

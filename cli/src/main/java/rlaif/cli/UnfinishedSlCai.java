package rlaif.cli;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import rlaif.monitor.AuditStage;
import rlaif.monitor.StageReport;
import rlaif.trainers.RevisionTrainer;

/// SL-CAI that a loop ends without, since too few revisions are left for its next version.
///
/// @param settings of SFT on revisions
/// @param version newest announced policy version; -1: none
/// @param awaited revisions that the next version needs
/// @param usable revisions on the stream that could be trained on and are not
/// @param leftOut revisions beside them that cannot be trained on, by code
/// @param neverRevised rollouts that came to no revision, since they were refused
record UnfinishedSlCai(
        RevisionTrainer.Settings settings,
        long version,
        long awaited,
        long usable,
        Map<String, Long> leftOut,
        long neverRevised) {
    UnfinishedSlCai {
        leftOut = Map.copyOf(leftOut);
    }

    /// How SL-CAI stands, by what its trainer tells and the audit counts.
    static UnfinishedSlCai of(
            RevisionTrainer.Settings settings,
            long version,
            SlCaiProgress told,
            List<StageReport> stages) {
        SlCaiProgress.LeftOut leftOut = told.leftOut();
        return new UnfinishedSlCai(
                settings,
                version,
                Math.max(told.awaited(), settings.batch()),
                Math.max(
                        0,
                        stage(stages, AuditStage.REVISIONS_TO_SFT).inFlight()
                                - leftOut.noLettersYet()),
                leftOut.byCode(),
                stage(stages, AuditStage.ROLLOUTS_TO_REVISIONS).deadLettered());
    }

    private static StageReport stage(List<StageReport> stages, AuditStage named) {
        return stages.stream()
                .filter(stage -> stage.stage().equals(named.written()))
                .findFirst()
                .orElse(new StageReport(named.written(), 0, 0, 0, 0, 0, 0, 0, List.of()));
    }

    /// What the loop ends with.
    Failure failure() {
        return new Failure(
                ExitCode.PARTIAL,
                "SL-CAI %s: %d of %d usable revisions%s%s; %sgive more prompts"
                        .formatted(
                                version < 1
                                        ? "did not begin"
                                        : "ended at version %d of %d"
                                                .formatted(version, settings.lastVersion()),
                                usable,
                                awaited,
                                wholeSteps(),
                                reasons(),
                                version < 1 ? lower() : ""));
    }

    private String wholeSteps() {
        return settings.revisions() % settings.batch() == 0
                ? ""
                : " (slCai.revisions: %d in whole steps of slCai.batch: %d)"
                        .formatted(settings.revisions(), settings.batch());
    }

    private String reasons() {
        Map<String, Long> reasons = new TreeMap<>(leftOut);
        if (neverRevised > 0) {
            reasons.put("rollouts never revised", neverRevised);
        }
        return reasons.isEmpty()
                ? ""
                : reasons.entrySet().stream()
                        .map(reason -> reason.getValue() + " " + reason.getKey())
                        .collect(Collectors.joining(", ", " (left out: ", ")"));
    }

    private String lower() {
        long whole = usable / settings.batch() * settings.batch();
        if (whole > 0) {
            return "lower slCai.revisions to %d or ".formatted(whole);
        }
        return usable > 0
                ? "lower slCai.batch and slCai.revisions to %d or ".formatted(usable)
                : "";
    }
}

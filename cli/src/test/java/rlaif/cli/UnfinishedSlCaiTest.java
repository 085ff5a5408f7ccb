package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rlaif.cli.config.Configuration;
import rlaif.monitor.AuditStage;
import rlaif.monitor.StageReport;
import rlaif.trainers.RevisionTrainer;

class UnfinishedSlCaiTest {

    @Test
    void aLoopWithFewerRevisionsThanWholeStepsNeedSaysHowManyWouldDo() {
        RevisionTrainer.Settings settings = settings("60");
        SlCaiProgress told = new SlCaiProgress(_ -> {});
        told.awaits(64);

        Failure failure = UnfinishedSlCai.of(settings, 0, told, stages(60, 0, 0)).failure();

        assertThat(failure.exitCode()).isEqualTo(ExitCode.PARTIAL);
        assertThat(failure)
                .hasMessage(
                        "SL-CAI did not begin: 60 of 64 usable revisions (slCai.revisions: 60 in whole steps of slCai.batch: 16); lower slCai.revisions to 48 or give more prompts");
    }

    @Test
    void revisionsThatCannotBeTrainedOnAreLeftOutOfTheCount() {
        RevisionTrainer.Settings settings = settings("64");
        SlCaiProgress told = new SlCaiProgress(_ -> {});
        told.awaits(64);
        told.leavesOut(Map.of("UNKNOWN_WORD", 5L), 4);

        assertThat(UnfinishedSlCai.of(settings, 0, told, stages(64, 1, 2)).failure())
                .hasMessage(
                        "SL-CAI did not begin: 60 of 64 usable revisions (left out: 5 UNKNOWN_WORD, 2 rollouts never revised); lower slCai.revisions to 48 or give more prompts");
    }

    @Test
    void deadLettersOfAnEarlierRunMakeNoRevisionUsable() {
        SlCaiProgress told = new SlCaiProgress(_ -> {});
        told.awaits(128);
        told.leavesOut(Map.of("UNKNOWN_WORD", 2L), 2);

        assertThat(UnfinishedSlCai.of(settings("128"), 0, told, stages(2, 2, 0)).failure())
                .hasMessage(
                        "SL-CAI did not begin: 0 of 128 usable revisions (left out: 2 UNKNOWN_WORD); give more prompts");
    }

    private static RevisionTrainer.Settings settings(String revisions) {
        return new RevisionSettings(
                        Configuration.resolve(
                                Map.of(),
                                Optional.empty(),
                                Map.of(),
                                Map.of("slCai.enabled", "true", "slCai.revisions", revisions)))
                .trainer();
    }

    private static List<StageReport> stages(long waiting, long refused, long neverRevised) {
        return List.of(
                new StageReport(
                        AuditStage.ROLLOUTS_TO_REVISIONS.written(),
                        neverRevised,
                        0,
                        0,
                        neverRevised,
                        0,
                        0,
                        0,
                        List.of()),
                new StageReport(
                        AuditStage.REVISIONS_TO_SFT.written(),
                        waiting + refused,
                        0,
                        0,
                        refused,
                        waiting,
                        0,
                        0,
                        List.of()));
    }
}

package rlaif.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static rlaif.processors.StatsJudgments.MINUTE;
import static rlaif.processors.StatsJudgments.START;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.events.AbstainReason;
import rlaif.events.HumanChoice;
import rlaif.events.Judgment;
import rlaif.events.LabelStats;
import rlaif.events.VersionRange;
import rlaif.topics.DeadLetters;
import rlaif.topics.Topic;

class LabelStatsTopologyTest {
    private static final LabelStatsSettings SETTINGS =
            new LabelStatsSettings(
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(10),
                    100,
                    Duration.ofDays(7),
                    0.1);

    @TempDir private Path folder;

    private TestStream open() throws IOException {
        return open(SETTINGS);
    }

    private TestStream open(LabelStatsSettings settings) throws IOException {
        return new TestStream(
                folder,
                (connection, codecs) ->
                        LabelStatsTopology.of(connection, codecs, settings, 1, new UntoldTasks()));
    }

    private static void pipe(TestStream stream, Judgment judgment) {
        stream.pipe(Topic.JUDGMENTS, "prompt", judgment, START);
    }

    private static void people(
            TestStream stream, int pair, String labeler, HumanChoice choice, long millis) {
        stream.pipe(
                Topic.HUMAN_LABELS, "prompt", StatsJudgments.label(pair, labeler, choice), millis);
    }

    private static List<LabelStats> made(TestStream stream) throws InterruptedException {
        int count = stream.count(Topic.LABEL_STATS);
        return count == 0 ? List.of() : stream.await(Topic.LABEL_STATS, count);
    }

    @Test
    void itsPrintedFormIsTheGoldenOne() throws IOException {
        try (var golden = getClass().getResourceAsStream("label-stats-topology.txt");
                TestStream stream = open()) {
            assertThat(stream.description())
                    .isEqualTo(
                            golden == null
                                    ? ""
                                    : new String(golden.readAllBytes(), StandardCharsets.UTF_8)
                                            .strip());
        }
    }

    /// The expected numbers are printed by `src/test/python/label_stats.py`.
    @Test
    void everyFigureIsTheTwins() throws Exception {
        try (TestStream stream = open()) {
            for (int i = 0; i < 40; i++) {
                stream.pipe(Topic.JUDGMENTS, "prompt", StatsJudgments.twin(i), START + 100L * i);
                if (i % 2 == 0) {
                    people(stream, i, "ann", StatsJudgments.twinChoice(i), START + 30_000);
                }
                if (i % 5 == 0) {
                    people(stream, i, "bob", HumanChoice.UNSURE, START + 30_000);
                }
            }
            stream.advance(SETTINGS.emit());
            LabelStats stats = made(stream).getFirst();
            assertThat(stats.getClosed()).isFalse();
            assertThat(stats.getWindowStart()).isEqualTo(START);
            assertThat(stats.getWindowEnd()).isEqualTo(START + MINUTE);
            assertThat(stats.getJudge()).isEqualTo("judge");
            assertThat(stats.getPrinciple()).isEqualTo("harm");
            assertThat(stats.getConstitutionId()).isEqualTo("nine");
            assertThat(stats.getConstitutionVersion()).isEqualTo(3);
            assertThat(stats.getPolicy()).isEqualTo("policy");
            assertThat(stats.getPolicyVersion()).isEqualTo(7);
            assertThat(stats.getJudgments()).isEqualTo(40);
            assertThat(stats.getLate()).isZero();
            assertThat(stats.getPreferred()).isEqualTo(32);
            assertThat(stats.getAbstained())
                    .containsOnly(
                            java.util.Map.entry("ORDERS_DISAGREE", 4L),
                            java.util.Map.entry("UNREADABLE", 4L));
            assertThat(stats.getLabelsPerSecond()).isCloseTo(0.5333333333333333, within(1e-12));
            assertThat(stats.getLabelAgeMillisP50()).isCloseTo(246, Percentage.withPercentage(1));
            assertThat(stats.getLabelAgeMillisP99()).isCloseTo(1011, Percentage.withPercentage(1));
            assertThat(stats.getBothOrders()).isEqualTo(36);
            assertThat(stats.getFlipRate()).isCloseTo(0.4444444444444444, within(1e-12));
            assertThat(stats.getUnreadableRate()).isCloseTo(0.1, within(1e-12));
            assertThat(stats.getMeanMargin()).isCloseTo(0.18625710227272727, within(1e-12));
            assertThat(stats.getLengthCorrelation())
                    .isCloseTo(0.0056896447407169155, within(1e-12));
            assertThat(stats.getHumanPairs()).isEqualTo(16);
            assertThat(stats.getHumanAgreement()).isCloseTo(0.5454545454545454, within(1e-12));
            assertThat(stats.getHumanKappa()).isCloseTo(0.0983606557377049, within(1e-12));
            assertThat(stats.getEce()).isCloseTo(0.23425662878787884, within(1e-12));
            assertThat(stats.getBrier()).isCloseTo(0.2201587407275884, within(1e-12));
            assertThat(stats.getCanaries()).isEqualTo(5);
            assertThat(stats.getCanarySuccessRate()).isCloseTo(0.6, within(1e-12));
            assertThat(stats.getCanaryAlarm()).as("3 of 5 against a tenth").isTrue();
            assertThat(stats.getDriftPsi()).as("no reference yet").isNull();
            assertThat(stats.getLatencyMillisP50()).isCloseTo(270.5, Percentage.withPercentage(1));
            assertThat(stats.getLatencyMillisP99()).isCloseTo(800, Percentage.withPercentage(1));
            assertThat(stats.getCalls()).isEqualTo(120);
            assertThat(stats.getPromptTokens()).isEqualTo(13_560);
            assertThat(stats.getCompletionTokens()).isEqualTo(80);
            assertThat(stats.getCostMicrodollars()).isEqualTo(5_900);
        }
    }

    @Test
    void aWindowIsToldWhileItIsOpenAndOnceWhenItCloses() throws Exception {
        try (TestStream stream = open()) {
            pipe(stream, StatsJudgments.at(1, START + 10, 0.9));
            stream.advance(SETTINGS.emit());
            stream.advance(SETTINGS.emit());
            assertThat(made(stream)).as("told once a change").hasSize(1);
            pipe(stream, StatsJudgments.at(2, START + MINUTE - 1, 0.9));
            pipe(stream, StatsJudgments.at(3, START + MINUTE, 0.9));
            pipe(stream, StatsJudgments.at(4, START + 2 * MINUTE - 1, 0.9));
            assertThat(made(stream)).as("its grace is not over").isEmpty();
            pipe(stream, StatsJudgments.at(5, START + 2 * MINUTE, 0.9));
            LabelStats closed = made(stream).getFirst();
            assertThat(closed.getClosed()).isTrue();
            assertThat(closed.getWindowStart()).isEqualTo(START);
            assertThat(closed.getJudgments()).isEqualTo(2);
            stream.advance(SETTINGS.emit());
            assertThat(made(stream))
                    .extracting(LabelStats::getWindowStart, LabelStats::getJudgments)
                    .containsExactlyInAnyOrder(
                            org.assertj.core.groups.Tuple.tuple(START + MINUTE, 2L),
                            org.assertj.core.groups.Tuple.tuple(START + 2 * MINUTE, 1L));
        }
    }

    @Test
    void whatComesAfterItsWindowClosedIsCountedAsLateInThePresentOneAndNowhereElse()
            throws Exception {
        try (TestStream stream = open()) {
            pipe(stream, StatsJudgments.at(1, START, 0.9));
            pipe(stream, StatsJudgments.at(2, START + 5 * MINUTE, 0.9));
            assertThat(made(stream)).extracting(LabelStats::getJudgments).containsExactly(1L);
            pipe(stream, StatsJudgments.at(3, START + 1, 0.9));
            pipe(stream, StatsJudgments.at(4, START + 2, 0.9));
            stream.advance(SETTINGS.emit());
            LabelStats present = made(stream).getFirst();
            assertThat(present.getWindowStart()).isEqualTo(START + 5 * MINUTE);
            assertThat(present.getLate()).isEqualTo(2);
            assertThat(present.getJudgments()).isEqualTo(1);
            assertThat(present.getPreferred()).isEqualTo(1);
        }
    }

    @Test
    void theLastWindowsCloseByTheClockWhenNothingComesAnyMore() throws Exception {
        try (TestStream stream = open()) {
            pipe(stream, StatsJudgments.at(1, START, 0.9));
            stream.advance(SETTINGS.grace().minusSeconds(1));
            assertThat(made(stream)).extracting(LabelStats::getClosed).containsOnly(false);
            stream.advance(SETTINGS.emit());
            assertThat(made(stream)).extracting(LabelStats::getClosed).containsExactly(true);
            assertThat(stream.stored(CountingProcessor.STORE))
                    .as("event time and the reference's beginning")
                    .isEqualTo(2);
        }
    }

    @Test
    void aJudgmentDatedAheadByAWrongClockClosesNothing() throws Exception {
        try (TestStream stream = open()) {
            long now = System.currentTimeMillis();
            pipe(stream, StatsJudgments.at(1, now - 1, 0.9));
            pipe(stream, StatsJudgments.at(2, now + Duration.ofDays(300).toMillis(), 0.9));
            pipe(stream, StatsJudgments.at(3, now - 1, 0.9));
            stream.advance(SETTINGS.emit());
            List<LabelStats> made = made(stream);
            assertThat(made).extracting(LabelStats::getClosed).containsOnly(false);
            assertThat(made.stream().mapToLong(LabelStats::getJudgments).sum()).isEqualTo(3);
            assertThat(made).extracting(LabelStats::getLate).containsOnly(0L);
        }
    }

    @Test
    void nothingIsCountedTwice() throws Exception {
        try (TestStream stream = open()) {
            people(stream, 1, "ann", HumanChoice.FIRST, START);
            people(stream, 1, "ann", HumanChoice.FIRST, START);
            pipe(stream, StatsJudgments.at(1, START, 0.9));
            pipe(stream, StatsJudgments.at(1, START, 0.9));
            people(stream, 1, "ann", HumanChoice.SECOND, START + 5);
            people(stream, 1, "bob", HumanChoice.UNSURE, START + 5);
            people(stream, 1, "bob", HumanChoice.SECOND, START + 6);
            people(stream, 1, "bob", HumanChoice.FIRST, START + 7);
            stream.advance(SETTINGS.emit());
            LabelStats stats = made(stream).getFirst();
            assertThat(stats.getJudgments()).isEqualTo(1);
            assertThat(stats.getHumanPairs()).as("ann and bob, once each").isEqualTo(2);
            assertThat(stats.getHumanAgreement()).isEqualTo(0.5);
        }
    }

    @Test
    void whatIsLeftToPeopleIsNoLabelOfAJudge() throws Exception {
        try (TestStream stream = open()) {
            Judgment left = StatsJudgments.at(1, START, 0.9);
            left.setOutcome(rlaif.events.Outcome.ABSTAINED);
            left.setAbstainReason(AbstainReason.FOR_PEOPLE);
            pipe(stream, left);
            stream.advance(SETTINGS.emit());
            assertThat(made(stream)).isEmpty();
        }
    }

    @Test
    void judgePrincipleConstitutionAndPolicyVersionAreCountedApart() throws Exception {
        try (TestStream stream = open()) {
            Judgment judge = StatsJudgments.at(1, START, 0.9);
            judge.setJudge("other/judge");
            Judgment principle = StatsJudgments.at(2, START, 0.9);
            principle.setPrinciple("other");
            Judgment constitution = StatsJudgments.at(3, START, 0.9);
            constitution.setConstitutionVersion(4);
            Judgment policyVersion = StatsJudgments.at(4, START, 0.9);
            policyVersion.getSecond().setPolicyVersions(List.of(new VersionRange(9L, 0, 1)));
            for (Judgment judgment : List.of(judge, principle, constitution, policyVersion)) {
                pipe(stream, judgment);
            }
            pipe(stream, StatsJudgments.at(5, START, 0.9));
            pipe(stream, StatsJudgments.at(6, START, 0.9));
            stream.advance(SETTINGS.emit());
            List<LabelStats> made = made(stream);
            assertThat(made)
                    .extracting(LabelStats::getJudgments)
                    .containsExactlyInAnyOrder(1L, 1L, 1L, 1L, 2L);
            assertThat(made).extracting(LabelStats::getPolicyVersion).contains(7L, 9L);
        }
    }

    /// 60 probabilities in the first tenth and 40 in the sixth are the reference; 30 in the sixth
    /// and 30 in the last are compared: the number is the twin's.
    @Test
    void driftIsMeasuredAgainstTheFirstClosedWindowsUnderThePrinciple() throws Exception {
        try (TestStream stream = open()) {
            for (int i = 0; i < 60; i++) {
                pipe(stream, StatsJudgments.at(i, START, 0.05));
            }
            for (int i = 60; i < 100; i++) {
                Judgment other = StatsJudgments.at(i, START, 0.55);
                other.setConstitutionVersion(4);
                pipe(stream, other);
            }
            for (int i = 100; i < 160; i++) {
                pipe(stream, StatsJudgments.at(i, START + MINUTE, i < 130 ? 0.55 : 0.95));
            }
            pipe(stream, StatsJudgments.at(160, START + 4 * MINUTE, 0.55));
            stream.advance(SETTINGS.emit());
            List<LabelStats> made = made(stream);
            assertThat(made)
                    .extracting(LabelStats::getPreferred)
                    .containsExactly(60L, 40L, 60L, 1L);
            assertThat(made.get(0).getDriftPsi()).isNull();
            assertThat(made.get(1).getDriftPsi()).isNull();
            assertThat(made.get(2).getDriftPsi()).isCloseTo(4.61208784626524, within(1e-12));
            assertThat(made.get(3).getDriftPsi()).as("too few to compare").isNull();
        }
    }

    @Test
    void whatIsNoRecordOrOutOfRangeIsDeadLettered() throws Exception {
        try (TestStream stream = open()) {
            Judgment nameless = StatsJudgments.at(1, START, 0.9);
            nameless.setId("");
            Judgment beyond = StatsJudgments.at(2, START, 1.5);
            Judgment undefined = StatsJudgments.at(3, START, Double.NaN);
            Judgment shouting = StatsJudgments.at(4, START, 0.9);
            shouting.setPrinciple("x".repeat(70_000));
            for (Judgment judgment : List.of(nameless, beyond, undefined, shouting)) {
                pipe(stream, judgment);
            }
            stream.pipeBytes(Topic.JUDGMENTS, "prompt", new byte[] {1});
            people(stream, 1, "ann", HumanChoice.UNKNOWN, START);
            stream.pipeBytes(Topic.HUMAN_LABELS, "prompt", new byte[] {1});
            assertThat(stream.await(stream.connection.deadLetters(Topic.JUDGMENTS), 5))
                    .extracting(letter -> TestStream.header(letter, DeadLetters.CODE_HEADER))
                    .containsExactly("INVALID", "INVALID", "INVALID", "INVALID", "UNREADABLE");
            assertThat(stream.await(stream.connection.deadLetters(Topic.HUMAN_LABELS), 2))
                    .extracting(letter -> TestStream.header(letter, DeadLetters.STAGE_HEADER))
                    .containsOnly("observing");
            stream.advance(SETTINGS.emit());
            assertThat(made(stream)).isEmpty();
        }
    }
}

package rlaif.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.events.AbstainReason;
import rlaif.events.Candidate;
import rlaif.events.HumanChoice;
import rlaif.events.HumanLabel;
import rlaif.events.Judgment;
import rlaif.events.Outcome;
import rlaif.events.Preference;
import rlaif.events.PreferenceSource;
import rlaif.events.PreferenceWriter;
import rlaif.events.PresentationOrder;
import rlaif.events.Verdict;
import rlaif.judging.AttackSource;
import rlaif.processors.PreferenceSettings.Merge;
import rlaif.topics.DeadLetters;
import rlaif.topics.Ids;
import rlaif.topics.Topic;

class PreferenceTopologyTest {
    private static final PreferenceSettings DEFAULT = PreferenceSettings.DEFAULT;

    private static final List<HumanChoice> CHOICES =
            List.of(HumanChoice.FIRST, HumanChoice.SECOND, HumanChoice.TIE, HumanChoice.UNSURE);

    @TempDir private Path folder;

    private TestStream open(PreferenceSettings settings) throws IOException {
        JudgeStage.Settings stage =
                new JudgeStage.Settings(
                        Set.of(JudgeStage.Part.PREFERENCES),
                        PairingSettings.DEFAULT,
                        JudgingSettings.DEFAULT,
                        settings,
                        "",
                        StreamsSettings.in(folder));
        return new TestStream(
                folder,
                (connection, codecs) ->
                        JudgeTopology.of(
                                connection,
                                codecs,
                                new JudgmentSource(connection, codecs),
                                new NoJudge(),
                                stage.judging().watched(new NoJudge(), _ -> noAttack(), _ -> {}),
                                new NoConstitutions(),
                                new Intake(),
                                stage));
    }

    private static AttackSource.Trial noAttack() {
        throw new IllegalStateException("no stage here judges");
    }

    /// Verdicts p12 and p21 that `first` is better, and what follows under the defaults.
    private static Judgment judgment(int pair, double p12, double p21) {
        return people(pair)
                .setId("judgment-" + pair)
                .setJudge("judge")
                .setOutcome(Outcome.PREFERRED)
                .setAbstainReason(AbstainReason.NONE)
                .setFirstProbability((p12 + p21) / 2)
                .setVerdicts(
                        List.of(
                                verdict(PresentationOrder.FIRST_SECOND, p12),
                                verdict(PresentationOrder.SECOND_FIRST, p21)))
                .build();
    }

    private static Verdict verdict(PresentationOrder order, double p) {
        return Verdict.newBuilder()
                .setJudge("judge")
                .setOrder(order)
                .setFirstProbability(p)
                .build();
    }

    private static Judgment.Builder people(int pair) {
        return Judgment.newBuilder()
                .setId("for-people-" + pair)
                .setPairId("pair-" + pair)
                .setPromptId("prompt")
                .setGroupId("group")
                .setPrompt("user : what ? assistant :")
                .setPromptTokens(List.of(1, 2, 3))
                .setCategory("benign")
                .setTokenizerDigest("ab")
                .setPolicy("policy")
                .setFirst(new Candidate("r0", "yes", List.of(4), List.of(), EOS))
                .setSecond(new Candidate("r1", "no", List.of(5), List.of(), EOS))
                .setPreferenceWriter(PreferenceWriter.PREFERENCES)
                .setOutcome(Outcome.ABSTAINED)
                .setAbstainReason(AbstainReason.FOR_PEOPLE);
    }

    private static final rlaif.events.FinishReason EOS = rlaif.events.FinishReason.EOS;

    private static HumanLabel label(int pair, String labeler, HumanChoice choice) {
        return HumanLabel.newBuilder()
                .setId(Ids.humanLabel("pair-" + pair, labeler, "test"))
                .setPairId("pair-" + pair)
                .setPromptId("prompt")
                .setLabeler(labeler)
                .setSource("test")
                .setChoice(choice)
                .build();
    }

    private static void pipe(TestStream stream, Judgment judgment) {
        stream.pipe(Topic.JUDGMENTS, "prompt", judgment);
    }

    private static void pipe(TestStream stream, HumanLabel label) {
        stream.pipe(Topic.HUMAN_LABELS, "prompt", label);
    }

    private static List<Preference> made(TestStream stream) throws InterruptedException {
        int count = stream.count(Topic.PREFERENCES);
        return count == 0 ? List.of() : stream.await(Topic.PREFERENCES, count);
    }

    @Test
    void itsPrintedFormIsTheGoldenOne() throws IOException {
        try (var golden = getClass().getResourceAsStream("preference-topology.txt");
                TestStream stream = open(DEFAULT)) {
            assertThat(stream.description())
                    .isEqualTo(
                            golden == null
                                    ? ""
                                    : new String(golden.readAllBytes(), StandardCharsets.UTF_8)
                                            .strip());
        }
    }

    @Test
    void underTheSettingsOfThenAJudgmentGivesThePreferenceOfThen() throws Exception {
        try (TestStream stream = open(DEFAULT)) {
            Judgment judgment = judgment(1, 0.9, 0.7);
            pipe(stream, judgment);
            assertThat(made(stream)).containsExactly(PreferenceRecords.asJudged(judgment));
            pipe(stream, judgment);
            assertThat(made(stream)).as("the same again").isEmpty();
        }
    }

    @Test
    void otherSettingsGiveOtherLabelsUnderOtherIdsTheSameEachTime() throws Exception {
        Judgment split = judgment(1, 0.9, 0.4);
        Judgment clear = judgment(2, 0.9, 0.7);
        Judgment close = judgment(3, 0.55, 0.55);
        Judgment otherJudge = judgment(4, 0.9, 0.7);
        otherJudge.setJudge("other");
        List<Judgment> all = List.of(split, clear, close, otherJudge);

        assertThat(labels(new PreferenceSettings(Merge.NONE, 3, true, false, 0, ""), all))
                .containsExactly(0.8, 0.55, 0.8);
        assertThat(labels(new PreferenceSettings(Merge.NONE, 3, false, false, 0.1, ""), all))
                .containsExactly(0.65, 0.8, 0.8);
        assertThat(labels(new PreferenceSettings(Merge.NONE, 3, false, false, 0, "judge"), all))
                .containsExactly(0.65, 0.8, 0.55);
        PreferenceSettings hard = new PreferenceSettings(Merge.NONE, 3, false, true, 0, "");
        assertThat(labels(hard, all)).containsExactly(1.0, 1.0, 1.0, 1.0);

        List<Preference> once = derived(hard, all);
        assertThat(once).isEqualTo(derived(hard, all));
        assertThat(once)
                .extracting(Preference::getJudgmentId)
                .containsExactly("judgment-1", "judgment-2", "judgment-3", "judgment-4");
        assertThat(once).noneMatch(p -> p.getId().equals(p.getJudgmentId()));
        assertThat(once)
                .extracting(Preference::getAiProbability)
                .containsExactly(0.65, 0.8, 0.55, 0.8);
        assertThat(derived(DEFAULT, all)).allMatch(p -> p.getId().equals(p.getJudgmentId()));
    }

    @Test
    void aDisagreementThatWasAbstainedFromBecomesASoftLabelWhereTheSettingsAllowIt()
            throws Exception {
        Judgment split = judgment(1, 0.9, 0.4);
        split.setOutcome(Outcome.ABSTAINED);
        split.setAbstainReason(AbstainReason.ORDERS_DISAGREE);
        split.setFirstProbability(null);
        assertThat(labels(DEFAULT, List.of(split))).containsExactly(0.65);
        assertThat(
                        labels(
                                new PreferenceSettings(Merge.NONE, 3, true, false, 0, ""),
                                List.of(split)))
                .isEmpty();
        Judgment identical = judgment(2, 0.9, 0.9);
        identical.setOutcome(Outcome.ABSTAINED);
        identical.setAbstainReason(AbstainReason.IDENTICAL);
        assertThat(labels(DEFAULT, List.of(identical))).isEmpty();
    }

    private List<Double> labels(PreferenceSettings settings, List<Judgment> judgments)
            throws Exception {
        return derived(settings, judgments).stream().map(Preference::getFirstProbability).toList();
    }

    private List<Preference> derived(PreferenceSettings settings, List<Judgment> judgments)
            throws Exception {
        try (TestStream stream = open(settings)) {
            judgments.forEach(judgment -> pipe(stream, judgment));
            List<Preference> made = made(stream);
            assertThat(stream.stored(PreferenceProcessor.UNLABELLED))
                    .as("kept account of")
                    .isEqualTo(judgments.size() - made.size());
            return made;
        }
    }

    @Test
    void aPairLeftToPeopleWaitsForThemAndTheirMeanIsItsLabel() throws Exception {
        try (TestStream stream = open(DEFAULT)) {
            pipe(stream, people(1).build());
            assertThat(made(stream)).isEmpty();
            assertThat(stream.stored(PreferenceProcessor.UNLABELLED)).isEqualTo(1);

            pipe(stream, label(1, "ann", HumanChoice.UNSURE));
            assertThat(made(stream)).isEmpty();
            pipe(stream, label(1, "bob", HumanChoice.FIRST));
            Preference first = made(stream).getFirst();
            assertThat(first.getFirstProbability()).isEqualTo(1);
            assertThat(first.getHumanProbability()).isEqualTo(1);
            assertThat(first.getAiProbability()).isNull();
            assertThat(first.getSource()).isEqualTo(PreferenceSource.HUMAN);
            assertThat(first.getSupersedes()).isNull();
            assertThat(first.getPromptTokens()).containsExactly(1, 2, 3);
            assertThat(first.getHumanLabels())
                    .containsExactly(Ids.humanLabel("pair-1", "bob", "test"));

            pipe(stream, label(1, "bob", HumanChoice.FIRST));
            assertThat(made(stream)).as("the same label again").isEmpty();
            pipe(stream, label(1, "cas", HumanChoice.SECOND));
            pipe(stream, label(1, "dan", HumanChoice.TIE));
            pipe(stream, label(1, "eve", HumanChoice.FIRST));
            List<Preference> later = made(stream);
            assertThat(later)
                    .as("a mean that does not change still names who made it")
                    .extracting(Preference::getFirstProbability)
                    .containsExactly(0.5, 0.5, 2.5 / 4);
            assertThat(later.getFirst().getSupersedes()).isEqualTo(first.getId());
            assertThat(later.get(1).getSupersedes()).isEqualTo(later.get(0).getId());
            assertThat(later.get(2).getSupersedes()).isEqualTo(later.get(1).getId());
            assertThat(stream.stored(PreferenceProcessor.UNLABELLED)).as("ann").isEqualTo(1);
        }
    }

    @Test
    void aPersonSupersedesTheJudgeBeforeAndAfterIt() throws Exception {
        try (TestStream stream = open(DEFAULT.withMerge(Merge.SUPERSEDE, 3))) {
            pipe(stream, judgment(1, 0.9, 0.7));
            pipe(stream, label(1, "ann", HumanChoice.SECOND));
            List<Preference> after = made(stream);
            assertThat(after).extracting(Preference::getFirstProbability).containsExactly(0.8, 0.0);
            assertThat(after.get(1).getSupersedes()).isEqualTo(after.get(0).getId());
            assertThat(after.get(1).getSource()).isEqualTo(PreferenceSource.HUMAN);
            assertThat(after.get(1).getAiProbability()).isEqualTo(0.8);

            pipe(stream, label(2, "ann", HumanChoice.TIE));
            assertThat(made(stream)).isEmpty();
            pipe(stream, judgment(2, 0.9, 0.7));
            Preference before = made(stream).getFirst();
            assertThat(before.getFirstProbability()).isEqualTo(0.5);
            assertThat(before.getSupersedes()).isNull();
            assertThat(stream.stored(PreferenceProcessor.UNLABELLED)).isZero();
        }
    }

    @Test
    void aMindChangedTwiceGivesThreePreferencesWithThreeIds() throws Exception {
        try (TestStream stream = open(DEFAULT)) {
            pipe(stream, people(1).build());
            pipe(stream, label(1, "ann", HumanChoice.FIRST));
            pipe(stream, label(1, "ann", HumanChoice.SECOND));
            pipe(stream, label(1, "ann", HumanChoice.FIRST));
            List<Preference> made = made(stream);
            assertThat(made)
                    .extracting(Preference::getFirstProbability)
                    .containsExactly(1.0, 0.0, 1.0);
            assertThat(made).extracting(Preference::getId).doesNotHaveDuplicates();
        }
    }

    @Test
    void aLabelTakenBackWithdrawsItsPreferenceAndMayBeGivenAgain() throws Exception {
        try (TestStream stream = open(DEFAULT)) {
            pipe(stream, people(1).build());
            pipe(stream, label(1, "ann", HumanChoice.FIRST));
            pipe(stream, label(1, "ann", HumanChoice.UNSURE));
            pipe(stream, label(1, "ann", HumanChoice.UNSURE));
            pipe(stream, label(1, "ann", HumanChoice.FIRST));
            List<Preference> made = made(stream);
            assertThat(made)
                    .extracting(Preference::getFirstProbability)
                    .containsExactly(1.0, null, 1.0);
            assertThat(made).extracting(Preference::getId).doesNotHaveDuplicates();
            assertThat(made.get(1).getSupersedes()).isEqualTo(made.get(0).getId());
            assertThat(made.get(1).getHumanLabels()).isEmpty();
            assertThat(made.get(2).getSupersedes()).isEqualTo(made.get(1).getId());
            assertThat(stream.stored(PreferenceProcessor.UNLABELLED)).isZero();
        }
    }

    @Test
    void aLabelTakenBackWhereAJudgeSpokeLeavesTheJudgesLabel() throws Exception {
        try (TestStream stream = open(DEFAULT.withMerge(Merge.SUPERSEDE, 3))) {
            pipe(stream, judgment(1, 0.9, 0.7));
            pipe(stream, label(1, "ann", HumanChoice.SECOND));
            pipe(stream, label(1, "ann", HumanChoice.UNSURE));
            List<Preference> made = made(stream);
            assertThat(made)
                    .extracting(Preference::getFirstProbability)
                    .containsExactly(0.8, 0.0, 0.8);
            assertThat(made.get(2).getSource()).isEqualTo(PreferenceSource.AI);
            assertThat(made.get(2).getSupersedes()).isEqualTo(made.get(1).getId());
        }
    }

    @Test
    void judgeAndPeopleAreWeighedInLogOdds() throws Exception {
        try (TestStream stream = open(DEFAULT.withMerge(Merge.WEIGH, 3))) {
            pipe(stream, judgment(1, 0.9, 0.7));
            pipe(stream, label(1, "ann", HumanChoice.SECOND));
            Preference merged = made(stream).get(1);
            // (ln(0.8 / 0.2) + 3 ln(0.01 / 0.99)) / 4 = (1.38629 - 13.78536) / 4 = -3.09977
            assertThat(merged.getFirstProbability()).isCloseTo(0.04311, within(1e-5));
            assertThat(merged.getSource()).isEqualTo(PreferenceSource.MERGED);
            assertThat(merged.getAiProbability()).isEqualTo(0.8);
            assertThat(merged.getHumanProbability()).isZero();
        }
    }

    @Test
    void unmergedLabelsAreAccountedForAndChangeNothing() throws Exception {
        try (TestStream stream = open(DEFAULT)) {
            pipe(stream, judgment(1, 0.9, 0.7));
            pipe(stream, label(1, "ann", HumanChoice.SECOND));
            pipe(stream, label(2, "ann", HumanChoice.SECOND));
            pipe(stream, judgment(2, 0.9, 0.7));
            assertThat(made(stream))
                    .extracting(Preference::getFirstProbability)
                    .containsExactly(0.8, 0.8);
            assertThat(stream.stored(PreferenceProcessor.UNLABELLED)).isEqualTo(2);
        }
    }

    @Test
    void aPreferenceThatTheJudgingStageWroteStandsUntilAPersonSupersedesIt() throws Exception {
        try (TestStream stream = open(DEFAULT.withMerge(Merge.SUPERSEDE, 3))) {
            Judgment judged = judgment(1, 0.9, 0.7);
            judged.setPreferenceWriter(PreferenceWriter.JUDGING);
            pipe(stream, judged);
            assertThat(made(stream)).isEmpty();
            pipe(stream, label(1, "ann", HumanChoice.UNSURE));
            assertThat(made(stream)).isEmpty();
            pipe(stream, label(1, "bob", HumanChoice.SECOND));
            assertThat(made(stream).getFirst().getSupersedes()).isEqualTo("judgment-1");
        }
    }

    @Test
    void swappingThePairSwapsTheLabel() throws Exception {
        PreferenceSettings weigh = DEFAULT.withMerge(Merge.WEIGH, 2);
        var random = new java.util.Random(3);
        for (int i = 0; i < 200; i++) {
            Judgment judgment = judgment(1, random.nextDouble(), random.nextDouble());
            List<HumanLabel> people = new ArrayList<>();
            List<HumanLabel> swappedPeople = new ArrayList<>();
            for (int labeler = 0; labeler < random.nextInt(4); labeler++) {
                int choice = random.nextInt(4);
                people.add(label(1, "p" + labeler, CHOICES.get(choice)));
                swappedPeople.add(
                        label(1, "p" + labeler, CHOICES.get(choice < 2 ? 1 - choice : choice)));
            }
            Judgment swapped = judgment(1, 0, 0);
            swapped.setFirstProbability(1 - judgment.getFirstProbability());
            double p = MergedLabel.of(judgment, people, weigh).orElseThrow().firstProbability();
            double q =
                    MergedLabel.of(swapped, swappedPeople, weigh).orElseThrow().firstProbability();
            assertThat(p + q).isCloseTo(1, within(1e-12));
        }
    }

    @Test
    void whatIsNoRecordOrHasNoIdIsDeadLettered() throws Exception {
        try (TestStream stream = open(DEFAULT)) {
            Judgment nameless = judgment(1, 0.9, 0.7);
            nameless.setId("");
            pipe(stream, nameless);
            stream.pipeBytes(Topic.JUDGMENTS, "prompt", new byte[] {1});
            pipe(stream, label(1, "ann", HumanChoice.UNKNOWN));
            stream.pipeBytes(Topic.HUMAN_LABELS, "prompt", new byte[] {1});
            for (Topic topic : List.of(Topic.JUDGMENTS, Topic.HUMAN_LABELS)) {
                assertThat(stream.await(stream.connection.deadLetters(topic), 2))
                        .extracting(letter -> TestStream.header(letter, DeadLetters.CODE_HEADER))
                        .containsExactly("INVALID", "UNREADABLE");
            }
            assertThat(made(stream)).isEmpty();
        }
    }

    @Test
    void whatIsOlderThanTheTopicsKeepIsForgotten() throws Exception {
        try (TestStream stream = open(DEFAULT)) {
            pipe(stream, people(1).build());
            stream.advance(Duration.ofDays(44));
            assertThat(stream.stored(PreferenceProcessor.LABELS)).isEqualTo(1);
            stream.advance(Duration.ofDays(2));
            assertThat(stream.stored(PreferenceProcessor.LABELS)).isZero();
            assertThat(stream.stored(PreferenceProcessor.UNLABELLED)).isZero();
        }
    }

    @Test
    void aStoreLargerThanASliceIsForgottenASliceAtATime() throws Exception {
        try (TestStream stream = open(DEFAULT)) {
            for (int pair = 0; pair < Sweep.SLICE_ENTRIES + 100; pair++) {
                pipe(stream, people(pair).build());
            }
            stream.advance(Duration.ofDays(46));
            assertThat(stream.stored(PreferenceProcessor.LABELS)).isEqualTo(100);
            assertThat(stream.stored(PreferenceProcessor.UNLABELLED)).isEqualTo(100);
            stream.advance(Sweep.TICK);
            assertThat(stream.stored(PreferenceProcessor.LABELS)).isZero();
            assertThat(stream.stored(PreferenceProcessor.UNLABELLED)).isZero();
        }
    }
}

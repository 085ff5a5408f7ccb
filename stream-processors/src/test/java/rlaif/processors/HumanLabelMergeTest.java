package rlaif.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static rlaif.processors.TestLabels.judgment;
import static rlaif.processors.TestLabels.label;
import static rlaif.processors.TestLabels.made;
import static rlaif.processors.TestLabels.open;
import static rlaif.processors.TestLabels.people;
import static rlaif.processors.TestLabels.pipe;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.events.HumanChoice;
import rlaif.events.HumanLabel;
import rlaif.events.Judgment;
import rlaif.events.Preference;
import rlaif.events.PreferenceSource;
import rlaif.events.PreferenceWriter;
import rlaif.processors.PreferenceSettings.Merge;
import rlaif.topics.Ids;

class HumanLabelMergeTest {
    private static final PreferenceSettings DEFAULT = PreferenceSettings.DEFAULT;

    private static final List<HumanChoice> CHOICES =
            List.of(HumanChoice.FIRST, HumanChoice.SECOND, HumanChoice.TIE, HumanChoice.UNSURE);

    @TempDir private Path folder;

    @Test
    void aPairLeftToPeopleWaitsForThemAndTheirMeanIsItsLabel() throws Exception {
        try (TestStream stream = open(folder, DEFAULT)) {
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
        try (TestStream stream = open(folder, DEFAULT.withMerge(Merge.SUPERSEDE, 3))) {
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
        try (TestStream stream = open(folder, DEFAULT)) {
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
        try (TestStream stream = open(folder, DEFAULT)) {
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
        try (TestStream stream = open(folder, DEFAULT.withMerge(Merge.SUPERSEDE, 3))) {
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
        try (TestStream stream = open(folder, DEFAULT.withMerge(Merge.WEIGH, 3))) {
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
        try (TestStream stream = open(folder, DEFAULT)) {
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
        try (TestStream stream = open(folder, DEFAULT.withMerge(Merge.SUPERSEDE, 3))) {
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
}

package rlaif.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static rlaif.processors.TestLabels.judgment;
import static rlaif.processors.TestLabels.label;
import static rlaif.processors.TestLabels.made;
import static rlaif.processors.TestLabels.open;
import static rlaif.processors.TestLabels.pipe;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.events.AbstainReason;
import rlaif.events.HumanChoice;
import rlaif.events.Judgment;
import rlaif.events.Outcome;
import rlaif.events.Preference;
import rlaif.processors.PreferenceSettings.Merge;
import rlaif.topics.DeadLetters;
import rlaif.topics.Topic;

class PreferenceTopologyTest {
    private static final PreferenceSettings DEFAULT = PreferenceSettings.DEFAULT;

    @TempDir private Path folder;

    @Test
    void itsPrintedFormIsTheGoldenOne() throws IOException {
        try (var golden = getClass().getResourceAsStream("preference-topology.txt");
                TestStream stream = open(folder, DEFAULT)) {
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
        try (TestStream stream = open(folder, DEFAULT)) {
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
        try (TestStream stream = open(folder, settings)) {
            judgments.forEach(judgment -> pipe(stream, judgment));
            List<Preference> made = made(stream);
            assertThat(stream.stored(PreferenceProcessor.UNLABELLED))
                    .as("kept account of")
                    .isEqualTo(judgments.size() - made.size());
            return made;
        }
    }

    @Test
    void whatIsNoRecordOrHasNoIdIsDeadLettered() throws Exception {
        try (TestStream stream = open(folder, DEFAULT)) {
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
}

package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.ConfigurationException;
import rlaif.events.PreferenceWriter;
import rlaif.processors.JudgeStage.Part;

class LabelSettingsTest {
    private static Configuration configuration(Map<String, String> settings) {
        return Configuration.resolve(Map.of(), Optional.empty(), Map.of(), settings);
    }

    private static LabelSettings labels(Map<String, String> settings) {
        return new LabelSettings(configuration(settings));
    }

    @Test
    void peopleAloneNeedNoJudge() {
        assertThat(labels(Map.of("labels.source", "human")).asksJudge()).isFalse();
        assertThat(labels(Map.of("labels.source", "ai")).asksJudge()).isTrue();
        assertThat(
                        labels(Map.of("labels.source", "mixed", "labels.humanShare.benign", "1"))
                                .asksJudge())
                .isTrue();
        assertThat(labels(Map.of("labels.source", "ai", "judge.stages", "preferences")).asksJudge())
                .isFalse();
    }

    @Test
    void oneKeyChoosesWhoLabelsAndTheLoopHasThem() {
        for (Map<String, String> source :
                List.of(
                        Map.of("labels.source", "human"),
                        Map.of("labels.source", "mixed", "labels.humanShare.benign", "1"))) {
            Map<String, String> settings = new HashMap<>(source);
            settings.put("prompts.source", "world");
            assertThat(Roles.ofLoop(configuration(settings))).contains(Roles.JUDGE, Roles.PEOPLE);
        }
        assertThat(Roles.ofLoop(configuration(Map.of("prompts.source", "world"))))
                .contains(Roles.JUDGE)
                .doesNotContain(Roles.PEOPLE);
    }

    @Test
    void shareOfPeopleWithoutMixedLabelsIsRefused() {
        assertThatThrownBy(() ->
                        labels(Map.of("labels.source", "human", "labels.humanShare.benign", "1"))
                                .people())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("labels.source: mixed");
    }

    @Test
    void mixedLabelsWithoutAShareOfAnyCategoryAreRefused() {
        for (Map<String, String> shares :
                List.of(Map.<String, String>of(), Map.of("labels.humanShare.benign", "0"))) {
            Map<String, String> settings = new HashMap<>(shares);
            settings.put("labels.source", "mixed");
            assertThatThrownBy(() -> Roles.ofLoop(configuration(settings)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("labels.humanShare.CATEGORY");
        }
    }

    @Test
    void shareOfACategoryThatTheWorldDoesNotAskIsRefused() {
        Map<String, String> misspelt =
                Map.of("labels.source", "mixed", "labels.humanShare.bening", "0.5");
        assertThat(labels(misspelt).leavesPairsToPeople()).as("a file may have it").isTrue();

        Map<String, String> ofWorld = new HashMap<>(misspelt);
        ofWorld.put("prompts.source", "world");
        assertThatThrownBy(() -> labels(ofWorld).people())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("labels.humanShare.bening")
                .hasMessageContaining("benign and red-team");
    }

    @Test
    void labellingAnewJudgesNothing() {
        LabelSettings replay = labels(Map.of("labels.readPrefix", "live", "topics.prefix", "re"));

        assertThat(replay.stages()).containsExactly(Part.PREFERENCES);
        assertThat(replay.asksJudge()).isFalse();
        assertThat(replay.writer()).isEqualTo(PreferenceWriter.PREFERENCES);
        assertThat(replay.readPrefix()).hasValue("live");
    }

    @Test
    void aSingleDotNamesTheTopicsWithoutAPrefix() {
        LabelSettings replay = labels(Map.of("labels.readPrefix", ".", "topics.prefix", "again"));

        assertThat(replay.readPrefix()).hasValue("");
        assertThat(replay.stages()).containsExactly(Part.PREFERENCES);
        assertThat(replay.asksJudge()).isFalse();
        Map<String, String> judging =
                Map.of(
                        "labels.readPrefix",
                        ".",
                        "topics.prefix",
                        "again",
                        "judge.stages",
                        "judging,preferences");
        assertThatThrownBy(() -> labels(judging).stages())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("would never become a preference");
    }

    @Test
    void withoutAReadPrefixNothingIsLabelledAnew() {
        assertThat(labels(Map.of("topics.prefix", "live")).readPrefix()).isEmpty();
    }

    @Test
    void whatIsNoPrefixIsRefused() {
        assertThatThrownBy(() -> labels(Map.of("labels.readPrefix", "live.")).readPrefix())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("labels.readPrefix is 'live.'")
                .hasMessageContaining("a single dot");
    }

    @Test
    void judgingBesideLabelsOfAnotherPrefixIsRefused() {
        Map<String, String> settings =
                Map.of(
                        "labels.readPrefix",
                        "live",
                        "topics.prefix",
                        "replay",
                        "judge.stages",
                        "pairing,judging,preferences");
        assertThatThrownBy(() -> labels(settings).stages())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("labels.readPrefix is 'live'")
                .hasMessageContaining("judge.stages: preferences");

        Map<String, String> own = new HashMap<>(settings);
        own.put("topics.prefix", "live");
        assertThatThrownBy(() -> labels(own).stages())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("another prefix than topics.prefix");
    }

    @Test
    void peopleLabelNothingWhereTheJudgeScores() {
        Map<String, String> settings = Map.of("labels.source", "human", "score.by", "judge");
        assertThatThrownBy(() -> Roles.ofLoop(configuration(settings)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("labels.source is 'human'")
                .hasMessageContaining("score.by");
    }
}

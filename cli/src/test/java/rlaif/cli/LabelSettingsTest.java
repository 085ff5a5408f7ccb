package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.ConfigurationException;

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
        for (String source : List.of("human", "mixed")) {
            assertThat(
                            Roles.ofLoop(
                                    configuration(
                                            Map.of(
                                                    "labels.source",
                                                    source,
                                                    "prompts.source",
                                                    "world"))))
                    .contains(Roles.JUDGE, Roles.PEOPLE);
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
}

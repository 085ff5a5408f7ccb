package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.ConfigurationException;

class UnreadSettingsTest {
    private static Configuration configuration(Map<String, String> settings) {
        return Configuration.resolve(Map.of(), Optional.empty(), Map.of(), settings);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    http     | judge.local.model            | judge.kind: http does not read judge.local.model
                    http     | judge.computed.regex         | judge.kind: http does not read judge.computed.regex
                    local    | judge.api                    | judge.kind: local does not read judge.api
                    local    | judge.reading                | judge.kind: local does not read judge.reading
                    local    | judge.samples                | judge.kind: local does not read judge.samples
                    local    | judge.deadlineSeconds        | judge.kind: local does not read judge.deadlineSeconds
                    local    | judge.computed.length        | judge.kind: local does not read judge.computed.length
                    computed | judge.url                    | judge.kind: computed does not read judge.url
                    computed | judge.template               | judge.kind: computed does not read judge.template
                    computed | judge.model                  | judge.kind: computed does not read judge.model
                    computed | judge.local.threads          | judge.kind: computed does not read judge.local.threads
                    computed | judge.computed.regex         | judge.computed.feedback: length does not read judge.computed.regex
                    """)
    void settingOfAnotherKindOfJudgeIsSaid(String kind, String key, String line) {
        var settings = configuration(Map.of("judge.kind", kind, key, "1"));
        assertThat(new UnreadSettings(settings).ofJudge()).containsExactly(line);
    }

    @Test
    void whatTheSecondOrderOnDemandAloneReadsIsSaid() {
        Map<String, String> chosen =
                Map.of("judge.secondOrderThreshold", "0.1", "judge.auditShare", "0.2");
        assertThat(new UnreadSettings(configuration(chosen)).ofJudge())
                .containsExactly(
                        "judge.secondOrder: always does not read judge.secondOrderThreshold, judge.auditShare");
        Map<String, String> read = new HashMap<>(chosen);
        read.put("judge.secondOrder", "uncertain");
        assertThat(new UnreadSettings(configuration(read)).ofJudge()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "http, judge.api",
        "http, judge.deadlineSeconds",
        "local, judge.template",
        "local, judge.model",
        "local, judge.local.maxBatch",
        "computed, judge.computed.length",
        "computed, judge.computed.scale",
        "computed, judge.maxInFlight",
        "computed, judge.secondOrder"
    })
    void settingThatTheJudgeReadsIsNot(String kind, String key) {
        var settings = configuration(Map.of("judge.kind", kind, key, "1"));
        assertThat(new UnreadSettings(settings).ofJudge()).isEmpty();
    }

    @Test
    void aReviserReadsWhatItsJudgeDoesNot() {
        var settings =
                configuration(
                        Map.of(
                                "judge.kind",
                                "computed",
                                "slCai.enabled",
                                "true",
                                "judge.model",
                                "m",
                                "judge.deadlineSeconds",
                                "7"));
        assertThat(new UnreadSettings(settings).ofJudge()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "labels.merge",
                "labels.humanWeight",
                "labelStats.enabled",
                "judge.template",
                "judge.secondOrder",
                "judge.selfConsistency",
                "judge.canaryShare",
                "judge.cacheEntries",
                "pairing.pairsPerGroup"
            })
    void whatIsForLabelsIsNotReadWhereTheJudgeScores(String key) {
        var settings = configuration(Map.of("score.by", "judge", key, "1"));
        assertThat(new UnreadSettings(settings).ofDirectScoring())
                .containsExactly("score.by: judge does not read " + key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"judge.scoreTemplate", "judge.principles", "judge.maxInFlight"})
    void whatScoringReadsIsNot(String key) {
        var settings = configuration(Map.of("score.by", "judge", key, "1"));
        assertThat(new UnreadSettings(settings).ofDirectScoring()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "computed"})
    void aReviserAtTheUrlOfAJudgeThatHasNoneIsRefused(String kind) {
        var settings = configuration(Map.of("slCai.enabled", "true", "judge.kind", kind));
        assertThatThrownBy(() -> PreparedReviser.of(settings))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("revise.url is 'judge'")
                .hasMessageContaining("judge.kind: " + kind);
    }
}

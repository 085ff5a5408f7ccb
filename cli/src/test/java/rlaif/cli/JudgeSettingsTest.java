package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.ConfigurationException;

class JudgeSettingsTest {
    private static Configuration configuration(Map<String, String> settings) {
        return Configuration.resolve(Map.of(), Optional.empty(), Map.of(), settings);
    }

    @Test
    void budgetsMayBeOfMoreThanTwoThousandMillions() {
        JudgeSettings settings =
                new JudgeSettings(
                        configuration(
                                Map.of(
                                        "judge.budget.requests", "3000000000",
                                        "judge.budget.tokens", "4000000000",
                                        "revise.budget.requests", "5000000000",
                                        "revise.budget.tokens", "6000000000")));
        assertThat(settings.calls().budgets().requests()).isEqualTo(3_000_000_000L);
        assertThat(settings.calls().budgets().tokens()).isEqualTo(4_000_000_000L);
        assertThat(settings.reviserCalls().budgets().requests()).isEqualTo(5_000_000_000L);
        assertThat(settings.reviserCalls().budgets().tokens()).isEqualTo(6_000_000_000L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "many", "9223372036854775808"})
    void budgetThatIsNoCountIsRefused(String written) {
        JudgeSettings settings =
                new JudgeSettings(configuration(Map.of("judge.budget.tokens", written)));
        assertThatThrownBy(settings::calls)
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "judge.budget.tokens is '%s': it must be a whole number from 0 to %d",
                        written, Long.MAX_VALUE);
    }

    @Test
    void aComputedJudgeReportsNoTokensSoThatNoBudgetOfThemCouldEnd() {
        for (Map<String, String> budget :
                List.of(
                        Map.of("judge.budget.tokens", "1000"),
                        Map.of("judge.budget.dollars", "5", "judge.price.promptTokens", "1"))) {
            assertThatThrownBy(() -> OpenComputedJudge.prepared(configuration(budget)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("cannot be kept")
                    .hasMessageContaining("set judge.budget.requests instead");
        }
        OpenComputedJudge.prepared(configuration(Map.of("judge.budget.requests", "9")))
                .open(_ -> {})
                .close();
    }
}

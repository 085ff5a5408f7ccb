package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.ConfigurationException;
import rlaif.worlds.SimulatedJudgeServer;

class SimulatedJudgesTest {
    @Test
    void eachWorldIsJudgedUnderTheConstitutionThatIsShippedForIt() {
        try (SimulatedJudgeServer chat = start(Map.of());
                SimulatedJudgeServer sheet =
                        start(
                                Map.of(
                                        "prompts.world", "fact-sheet",
                                        "judge.constitution", "fact-sheet",
                                        "judge.labeler", "extra-small"))) {
            assertThat(chat.uri()).isNotEqualTo(sheet.uri());
        }
    }

    @Test
    void constitutionWithNoPrincipleOfTheWorldIsRefused() {
        assertThatThrownBy(() -> start(Map.of("prompts.world", "fact-sheet")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("judge.constitution")
                .hasMessageContaining("nine-rules")
                .hasMessageContaining("important-facts, faithful, brief, clear");
    }

    @Test
    void unknownLabelerAndWorldAreRefusedByName() {
        assertThatThrownBy(() -> start(Map.of("judge.labeler", "huge")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("judge.labeler")
                .hasMessageContaining("large, small, extra-small");
        assertThatThrownBy(() -> start(Map.of("prompts.world", "flat-earth")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("nine-rule-chat or fact-sheet");
    }

    @Test
    void personsWordsBecomeAPostOfTheFactSheetWorld() {
        assertThat(PromptFormat.FACT_SHEET.prompt("The zoo. Important: bring a cup."))
                .isEqualTo("post : the zoo . important : bring a cup . summary :");
    }

    private static SimulatedJudgeServer start(Map<String, String> settings) {
        Configuration configuration =
                Configuration.resolve(Map.of(), Optional.empty(), Map.of(), settings);
        return SimulatedJudges.start(configuration, JudgeConnection.constitution(configuration), 0);
    }
}

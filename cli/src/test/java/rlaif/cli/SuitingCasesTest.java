package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rlaif.cli.config.Configuration;
import rlaif.judging.CanaryWatch;
import rlaif.judging.PairToJudge;
import rlaif.judging.Principle;
import rlaif.judging.WatchedJudging;
import rlaif.judging.attack.AttackCase;
import rlaif.judging.attack.ShippedTrials;

class SuitingCasesTest {
    @ParameterizedTest
    @CsvSource({"nine-rule-chat, nine-rules", "fact-sheet, fact-sheet"})
    void simulatedJudgeAnswersEveryCanaryBesideThePairsOfItsWorld(String world, String constitution)
            throws InterruptedException {
        int pairs = 30;
        Configuration configuration =
                configuration(Map.of("prompts.world", world, "judge.constitution", constitution));
        try (JudgeConnection connection = JudgeConnection.open(configuration, _ -> {})) {
            List<AttackCase> cases =
                    new SuitingCases(configuration, connection.constitution()).all();
            List<Principle> principles = connection.constitution().principles();
            var watch = new CanaryWatch(CanaryWatch.Settings.DEFAULT, _ -> {});
            var judging =
                    new WatchedJudging(
                            JudgeCalling.judging(configuration, connection.judge(), _ -> {}),
                            new ShippedTrials(cases),
                            1,
                            watch);
            for (int i = 0; i < pairs; i++) {
                AttackCase at = cases.get(i);
                Principle principle = principles.get(i % principles.size());
                judging.judge(
                        new PairToJudge(
                                "pair-" + i, principle, at.prompt(), at.decent(), at.bad()));
            }
            assertThat(watch.standing().total()).isEqualTo(pairs);
        }
    }

    @Test
    void anyOtherJudgeIsGivenTheShippedCases() {
        Configuration configuration = configuration(Map.of("judge.url", "http://127.0.0.1:9/v1"));
        var suiting = new SuitingCases(configuration, JudgeConnection.constitution(configuration));
        assertThat(suiting.all()).isEqualTo(suiting.shipped()).isNotEqualTo(suiting.ofWorld());
    }

    private static Configuration configuration(Map<String, String> settings) {
        return Configuration.resolve(Map.of(), Optional.empty(), Map.of(), settings);
    }
}

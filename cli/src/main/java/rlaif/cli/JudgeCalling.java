package rlaif.cli;

import java.util.function.Consumer;
import rlaif.cli.config.Configuration;
import rlaif.judging.Judge;
import rlaif.judging.JudgeCalls;
import rlaif.judging.PairJudging;
import rlaif.judging.SecondOrderRule;

/// How a command at the terminal asks the configured judge: as the judge role does, but both orders
/// of every pair, since a place that the judge prefers shows in no other way.
final class JudgeCalling {
    private JudgeCalling() {}

    /// @param notices told what holds the calls up, such as an endpoint that answers nobody
    static PairJudging judging(Configuration configuration, Judge judge, Consumer<String> notices) {
        return Roles.checked(() -> {
            PairJudging.Settings settings =
                    new JudgeSettings(configuration)
                            .pairs()
                            .withSecondOrder(new SecondOrderRule.Always());
            var calls = new JudgeCalls(judge.name(), settings.calls(), notices);
            return new PairJudging(judge, calls, settings);
        });
    }
}

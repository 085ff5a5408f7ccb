package rlaif.cli;

import java.util.function.Consumer;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;
import rlaif.judging.Judge;
import rlaif.judging.JudgeCalls;
import rlaif.judging.PairJudging;
import rlaif.judging.Retries;

/// How a command at the terminal asks the configured judge: both orders of every pair, as often and
/// as many at once as the settings say.
final class JudgeCalling {
    private JudgeCalling() {}

    static int maxInFlight(Configuration configuration) {
        return configuration.whole(Key.JUDGE_MAX_IN_FLIGHT, 1);
    }

    /// @param notices told what holds the calls up, such as an endpoint that answers nobody
    static PairJudging judging(Configuration configuration, Judge judge, Consumer<String> notices) {
        var settings = new PairJudging.Settings(maxInFlight(configuration), false, Retries.DEFAULT);
        return new PairJudging(
                judge, new JudgeCalls(judge.name(), settings.calls(), notices), settings);
    }
}

package rlaif.judging.computed;

import java.time.Duration;
import rlaif.judging.Judge;
import rlaif.judging.JudgeContract;

class RegexJudgeContractTest extends JudgeContract {
    private final ComputedJudge judge =
            new ComputedJudge(
                    "goodness",
                    new RegexFeedback(
                            "\\bgood\\b", RegexFeedback.Wanted.COUNT, Duration.ofSeconds(5)),
                    new ComputedJudge.Curve(1, 0));

    @Override
    protected Judge judge() {
        return judge;
    }

    @Override
    protected boolean mayPreferAPlace() {
        return false;
    }
}

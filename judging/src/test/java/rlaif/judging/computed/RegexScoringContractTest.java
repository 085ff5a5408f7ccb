package rlaif.judging.computed;

import java.time.Duration;
import rlaif.judging.ScoringJudge;
import rlaif.judging.ScoringJudgeContract;

class RegexScoringContractTest extends ScoringJudgeContract {
    private final ComputedJudge judge =
            new ComputedJudge(
                    "goodness",
                    new RegexFeedback(
                            "\\bgood\\b", RegexFeedback.Wanted.COUNT, Duration.ofSeconds(5)),
                    new ComputedJudge.Curve(1, 0));

    @Override
    protected ScoringJudge judge() {
        return judge;
    }
}

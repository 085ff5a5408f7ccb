package rlaif.judging.computed;

import java.time.Duration;
import java.util.List;
import rlaif.judging.Judge;
import rlaif.judging.JudgeContract;

class CommandJudgeContractTest extends JudgeContract {
    private final ComputedJudge judge =
            new ComputedJudge(
                    "goodness",
                    new CommandFeedback(
                            List.of("/bin/sh", "-c", "grep -o -w good | wc -l"),
                            Duration.ofSeconds(30),
                            4),
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

package rlaif.processors;

import rlaif.judging.Judge;
import rlaif.judging.JudgeContract;

class SwitchedJudgeTest extends JudgeContract {
    @Override
    protected Judge judge() {
        return SwitchedJudge.open();
    }
}

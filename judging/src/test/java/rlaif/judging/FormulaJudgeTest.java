package rlaif.judging;

class FormulaJudgeTest extends JudgeContract {
    @Override
    protected Judge judge() {
        return new FormulaJudge(0.4);
    }
}

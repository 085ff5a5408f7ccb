package rlaif.judging;

import java.util.Arrays;

/// A judge that computes: logit("1") = good words of completion 1 minus those of completion 2, plus
/// a position bias.
public final class FormulaJudge implements Judge {
    private final double positionBias;

    public FormulaJudge(double positionBias) {
        this.positionBias = positionBias;
    }

    @Override
    public String name() {
        return "formula";
    }

    @Override
    public String model() {
        return "formula-1";
    }

    @Override
    public String templateHash() {
        return JudgePrompt.shipped().hash();
    }

    @Override
    public Reply ask(Presentation presentation) {
        return new Reply.Verdict(
                probability1(presentation.completion1(), presentation.completion2(), positionBias),
                1,
                Reply.Exchange.none());
    }

    /// Probability that this judge gives the completion shown first.
    public static double probability1(String completion1, String completion2, double bias) {
        return 1 / (1 + Math.exp(-(goodWords(completion1) - goodWords(completion2) + bias)));
    }

    private static long goodWords(String completion) {
        return Arrays.stream(completion.split(" ", -1)).filter("good"::equals).count();
    }
}

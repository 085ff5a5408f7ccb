package rlaif.benchmarks.judge;

import java.time.Duration;
import rlaif.judging.Judge;
import rlaif.judging.JudgePrompt;
import rlaif.judging.Presentation;
import rlaif.judging.Reply;

/// A judge inside the process that waits as long as it is told and prefers the longer completion.
final class WaitingJudge implements Judge {
    private final Duration wait;
    private final String templateHash = JudgePrompt.shipped().hash();

    WaitingJudge(Duration wait) {
        this.wait = wait;
    }

    @Override
    public String name() {
        return "bench";
    }

    @Override
    public String model() {
        return "waiting";
    }

    @Override
    public String templateHash() {
        return templateHash;
    }

    @Override
    public Reply ask(Presentation presentation) throws InterruptedException {
        if (wait.isPositive()) {
            Thread.sleep(wait);
        }
        double difference =
                presentation.completion1().length() - presentation.completion2().length() + 0.5;
        return new Reply.Verdict(1 / (1 + Math.exp(-difference / 10)), 1, Reply.Exchange.none());
    }
}

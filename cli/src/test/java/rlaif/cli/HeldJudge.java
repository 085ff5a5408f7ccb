package rlaif.cli;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import rlaif.judging.Judge;
import rlaif.judging.Presentation;
import rlaif.judging.Reply;

/// A judge that likes the longer completion, answers once it is let, and refuses what says so.
final class HeldJudge implements Judge {
    static final String UNJUDGEABLE = "unjudgeable";

    final List<String> askedPrinciples = new CopyOnWriteArrayList<>();
    private final CountDownLatch let = new CountDownLatch(1);
    private volatile boolean refusing = true;

    void answer() {
        let.countDown();
    }

    void refuseNothing() {
        refusing = false;
    }

    @Override
    public String name() {
        return "held";
    }

    @Override
    public String model() {
        return "length";
    }

    @Override
    public String templateHash() {
        return "0".repeat(64);
    }

    @Override
    public Reply ask(Presentation shown) throws InterruptedException {
        askedPrinciples.add(shown.principle().id());
        let.await();
        if (refusing && shown.prompt().contains(UNJUDGEABLE)) {
            return new Reply.Refused("the prompt says that it is unjudgeable");
        }
        boolean longer = shown.completion1().length() > shown.completion2().length();
        return new Reply.Verdict(longer ? 0.9 : 0.1, 1, Reply.Exchange.none());
    }
}

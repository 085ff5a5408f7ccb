package rlaif.processors;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import rlaif.judging.FormulaJudge;
import rlaif.judging.Judge;
import rlaif.judging.Presentation;
import rlaif.judging.Reply;

/// The formula judge behind a gate that a test opens, with replies that a test may put in its
/// place.
final class SwitchedJudge implements Judge {
    final AtomicInteger asked = new AtomicInteger();
    private final Judge formula = new FormulaJudge(0.4);
    private final CountDownLatch gate;
    private volatile Function<Presentation, Reply> answer = shown -> askFormula(shown);
    private volatile String templateHash = formula.templateHash();

    private SwitchedJudge(int gates) {
        gate = new CountDownLatch(gates);
    }

    static SwitchedJudge open() {
        return new SwitchedJudge(0);
    }

    /// Answers nobody until {@link #release}.
    static SwitchedJudge shut() {
        return new SwitchedJudge(1);
    }

    void release() {
        gate.countDown();
    }

    void answer(Function<Presentation, Reply> other) {
        answer = other;
    }

    void template(String hash) {
        templateHash = hash;
    }

    Reply askFormula(Presentation shown) {
        try {
            return formula.ask(shown);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String name() {
        return "switched";
    }

    @Override
    public String model() {
        return "formula-1";
    }

    @Override
    public String templateHash() {
        return templateHash;
    }

    @Override
    public Reply ask(Presentation presentation) throws InterruptedException {
        asked.incrementAndGet();
        gate.await();
        return answer.apply(presentation);
    }
}

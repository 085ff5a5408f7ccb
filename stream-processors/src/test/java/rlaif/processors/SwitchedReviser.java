package rlaif.processors;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import rlaif.judging.ReadingMode;
import rlaif.judging.Reply;
import rlaif.judging.revision.CompletionToRevise;
import rlaif.judging.revision.Reviser;

/// A reviser that names the principle in its critique and the round in its revision, behind a gate
/// that lets a test's number of calls through.
final class SwitchedReviser implements Reviser {
    final AtomicInteger asked = new AtomicInteger();
    private final Semaphore gate;
    private volatile UnaryOperator<Reply> answer = reply -> reply;
    private volatile String templateHash = "c".repeat(64);

    private SwitchedReviser(int calls) {
        gate = new Semaphore(calls);
    }

    static SwitchedReviser open() {
        return new SwitchedReviser(1_000_000);
    }

    static SwitchedReviser answering(int calls) {
        return new SwitchedReviser(calls);
    }

    /// Lets no call through until {@link #goOn}.
    void hold() {
        gate.drainPermits();
    }

    void goOn() {
        gate.release(1_000_000);
    }

    void answer(UnaryOperator<Reply> other) {
        answer = other;
    }

    void template(String hash) {
        templateHash = hash;
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
    public Reply critique(CompletionToRevise completion) throws InterruptedException {
        return write("against " + completion.principle().id());
    }

    @Override
    public Reply revise(CompletionToRevise completion, String critique)
            throws InterruptedException {
        return write(completion.completion() + " , then " + completion.round());
    }

    private static Reply.Exchange exchange() {
        return new Reply.Exchange(
                ReadingMode.GRAMMAR,
                "",
                "",
                "",
                Duration.ofMillis(3),
                OptionalInt.of(20),
                OptionalInt.of(4));
    }

    private Reply write(String text) throws InterruptedException {
        gate.acquire();
        asked.incrementAndGet();
        return answer.apply(new Reply.Written(text, false, exchange()));
    }
}

package rlaif.judging;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;

/// Asks a judge until it answers, refuses, or the retries are used up; holds a permit only while a
/// call is under way.
final class PersistentAsking {
    private final Judge judge;
    private final Retries retries;
    private final Semaphore calls;

    PersistentAsking(Judge judge, Retries retries, Semaphore calls) {
        this.judge = judge;
        this.retries = retries;
        this.calls = calls;
    }

    AskedOrder ask(PairToJudge pair, Order order) throws InterruptedException {
        Presentation presentation = pair.in(order);
        Duration wait = retries.shortest();
        for (int attempt = 1; ; attempt++) {
            Reply reply = attempt(presentation);
            if (!(reply instanceof Reply.RetryLater later)
                    || attempt > retries.max()
                    || later.after().compareTo(retries.longestAsked()) > 0) {
                return new AskedOrder(order, reply, attempt);
            }
            wait = retries.next(wait, ThreadLocalRandom.current().nextDouble());
            Thread.sleep(later.after().plus(wait));
        }
    }

    private Reply attempt(Presentation presentation) throws InterruptedException {
        calls.acquire();
        try {
            return judge.ask(presentation);
        } finally {
            calls.release();
        }
    }
}

package rlaif.judging;

import java.util.concurrent.atomic.AtomicInteger;

/// An endpoint that answers, until it is told to reply something else.
final class SwitchedEndpoint implements JudgeCalls.Attempt {
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Reply reply = QuickCalls.answer();

    @Override
    public Reply make() {
        asked.incrementAndGet();
        return reply;
    }

    void replies(Reply changed) {
        reply = changed;
    }

    void answers() {
        replies(QuickCalls.answer());
    }

    int asked() {
        return asked.get();
    }
}

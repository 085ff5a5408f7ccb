package rlaif.judging;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Items that are asked about at once, each on a thread of its own, and the replies as they come.
final class ItemsAtOnce {
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<JudgeCalls.Called> replies = new ConcurrentLinkedQueue<>();

    private ItemsAtOnce() {}

    /// What one thread does.
    @FunctionalInterface
    interface Work {
        void run() throws InterruptedException;
    }

    /// Asks about `count` items, once each.
    static ItemsAtOnce ask(int count, JudgeCalls calls, JudgeCalls.Attempt attempt) {
        ItemsAtOnce items = new ItemsAtOnce();
        for (int item = 0; item < count; item++) {
            String id = "item-" + item;
            items.begin(() -> items.replies.add(calls.item(id).ask(attempt)));
        }
        return items;
    }

    /// Has `count` threads do something else with items, which gives no replies here.
    static ItemsAtOnce run(int count, Work work) {
        ItemsAtOnce items = new ItemsAtOnce();
        for (int thread = 0; thread < count; thread++) {
            items.begin(work);
        }
        return items;
    }

    private void begin(Work work) {
        threads.add(
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                work.run();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        }));
    }

    Queue<JudgeCalls.Called> replies() {
        return replies;
    }

    /// How many were answered.
    long verdicts() {
        return replies.stream().filter(called -> called.reply() instanceof Reply.Verdict).count();
    }

    void awaitReplies(int count) throws InterruptedException {
        while (replies.size() < count) {
            Thread.sleep(1);
        }
    }

    /// Until every thread has ended.
    void await() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /// Ends every thread.
    void interrupt() throws InterruptedException {
        threads.forEach(Thread::interrupt);
        await();
    }
}

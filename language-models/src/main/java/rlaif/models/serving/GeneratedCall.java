package rlaif.models.serving;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import rlaif.models.GeneratedToken;
import rlaif.models.Generation;

/// A call between the thread that generates and the one that answers: tokens go over in a queue
/// that the call's own limits bound, and the wish for no more goes back.
final class GeneratedCall {

    /// What comes of a call.
    sealed interface Event {
        /// A token of one choice.
        record Drawn(int choice, GeneratedToken token) implements Event {}

        /// Nothing more comes, for this reason.
        record Broken(String cause) implements Event {}
    }

    private final ServedModel model;
    private final List<Generation.Request> requests = new ArrayList<>();
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final boolean[] done; // written by the answering thread
    private volatile boolean cancelled;

    GeneratedCall(Call call) {
        this.model = call.model();
        this.done = new boolean[call.choices()];
        for (int choice = 0; choice < call.choices(); choice++) {
            int number = choice;
            requests.add(
                    new Generation.Request(
                            call.promptOf(choice).tokens(),
                            call.seed() + choice,
                            call.settings(),
                            token -> take(number, token)));
        }
    }

    ServedModel model() {
        return model;
    }

    List<Generation.Request> requests() {
        return requests;
    }

    int choices() {
        return requests.size();
    }

    long cacheBytes() {
        return Generation.cacheBytes(model.transformer().shape(), requests);
    }

    private boolean take(int choice, GeneratedToken token) {
        synchronized (done) {
            if (cancelled || done[choice]) {
                return false;
            }
        }
        events.add(new Event.Drawn(choice, token));
        return true;
    }

    /// The next event; empty when none came in time.
    Optional<Event> next(Duration longest) throws InterruptedException {
        return Optional.ofNullable(events.poll(longest.toNanos(), TimeUnit.NANOSECONDS));
    }

    /// No more of one choice is wanted.
    void stop(int choice) {
        synchronized (done) {
            done[choice] = true;
        }
    }

    /// Nothing is wanted any more.
    void cancel() {
        cancelled = true;
    }

    boolean isWanted() {
        return !cancelled;
    }

    void fail(String cause) {
        events.add(new Event.Broken(cause));
    }

    /// The generating thread has done with it.
    void end() {
        model.release();
    }
}

package rlaif.models.serving;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rlaif.models.Generation;
import rlaif.models.TensorThread;

/// The one thread that computes for all clients: calls that wait together are generated together,
/// and every batch under way takes its step in turn, so that a long completion holds nobody up.
final class Generator implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Generator.class);

    /// Batches under way at once; more would each be small.
    private static final int MOST_BATCHES = 4;

    private final ServingSettings settings;
    private final Deque<GeneratedCall> waiting = new ArrayDeque<>(); // guarded by this
    private final List<Batch> running = new ArrayList<>(); // the thread's own
    private final Thread thread;
    private int waitingChoices; // guarded by this
    private boolean closed; // guarded by this

    Generator(ServingSettings settings) {
        this.settings = settings;
        this.thread = Thread.ofPlatform().name("generator").daemon().start(this::work);
    }

    /// Calls that one forward pass serves.
    private record Batch(Generation generation, List<GeneratedCall> calls, int size, long bytes) {}

    /// Puts a call in the queue, and keeps its model open until the call has ended.
    ///
    /// @throws RefusedCallException when the queue is full, or the call needs more than there is
    void submit(GeneratedCall call) {
        if (call.cacheBytes() > settings.cacheBytes() || call.choices() > settings.mostRunning()) {
            throw RefusedCallException.field(
                    "n",
                    "%d completions of this length take %d MiB; the server has room for %d of them and %d MiB"
                            .formatted(
                                    call.choices(),
                                    call.cacheBytes() >> 20,
                                    settings.mostRunning(),
                                    settings.cacheBytes() >> 20));
        }
        synchronized (this) {
            if (closed) {
                throw RefusedCallException.server(503, "closing", "the server is closing");
            }
            if (waitingChoices + call.choices() > settings.mostWaiting()) {
                throw RefusedCallException.busy(
                        "%d completions wait already; the queue takes %d: try again"
                                .formatted(waitingChoices, settings.mostWaiting()));
            }
            if (!call.model().retain()) {
                throw new IllegalStateException("a call's model was closed under it");
            }
            waiting.add(call);
            waitingChoices += call.choices();
            notifyAll();
        }
    }

    /// Ends what is under way without an answer, and the thread.
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        try {
            TensorThread.prepare(settings.threads());
            while (awaitWork()) {
                List<GeneratedCall> calls = nextBatch();
                if (!calls.isEmpty()) {
                    start(calls);
                }
                running.removeIf(batch -> !step(batch));
            }
        } catch (InterruptedException e) {
            LOG.debug("interrupted: the server closes");
        } finally {
            running.forEach(batch -> end(batch, "the server is closing"));
            running.clear();
            failWaiting();
        }
    }

    /// Waits until there is something to compute; false when the server closes.
    private synchronized boolean awaitWork() throws InterruptedException {
        while (!closed && waiting.isEmpty() && running.isEmpty()) {
            wait();
        }
        return !closed;
    }

    /// The calls that wait, in their order, as many as fit beside what is running.
    private synchronized List<GeneratedCall> nextBatch() {
        List<GeneratedCall> calls = new ArrayList<>();
        if (running.size() >= MOST_BATCHES) {
            return calls;
        }
        int places = settings.mostRunning() - running.stream().mapToInt(Batch::size).sum();
        long bytes = settings.cacheBytes() - running.stream().mapToLong(Batch::bytes).sum();
        List<Generation.Request> requests = new ArrayList<>();
        while (!waiting.isEmpty()) {
            GeneratedCall next = waiting.peek();
            if (!next.isWanted()) {
                take();
                next.end();
                continue;
            }
            List<Generation.Request> together = new ArrayList<>(requests);
            together.addAll(next.requests());
            if (together.size() > places
                    || (!calls.isEmpty() && next.model() != calls.getFirst().model())
                    || Generation.cacheBytes(next.model().transformer().shape(), together)
                            > bytes) {
                break;
            }
            requests = together;
            calls.add(take());
        }
        return calls;
    }

    private synchronized GeneratedCall take() {
        GeneratedCall call = waiting.remove();
        waitingChoices -= call.choices();
        return call;
    }

    @SuppressWarnings("CatchingUnchecked") // whatever breaks breaks these calls alone
    private void start(List<GeneratedCall> calls) {
        List<Generation.Request> requests =
                calls.stream().flatMap(call -> call.requests().stream()).toList();
        ServedModel model = calls.getFirst().model();
        try {
            running.add(
                    new Batch(
                            new Generation(model.transformer(), requests),
                            calls,
                            requests.size(),
                            Generation.cacheBytes(model.transformer().shape(), requests)));
        } catch (RuntimeException broken) {
            LOG.error("a batch of {} completions cannot be started", requests.size(), broken);
            calls.forEach(call -> {
                call.fail(String.valueOf(broken.getMessage()));
                call.end();
            });
        }
    }

    /// Takes one step; false when the batch is done.
    @SuppressWarnings("CatchingUnchecked") // whatever breaks breaks this batch alone
    private boolean step(Batch batch) {
        try {
            if (batch.calls().stream().anyMatch(GeneratedCall::isWanted)
                    && batch.generation().step()) {
                return true;
            }
            end(batch, "");
        } catch (RuntimeException broken) {
            LOG.error("a batch of {} completions broke", batch.size(), broken);
            end(batch, String.valueOf(broken.getMessage()));
        }
        return false;
    }

    /// @param failure what those are told that have not come to their end; empty: all have
    private static void end(Batch batch, String failure) {
        batch.generation().close();
        for (GeneratedCall call : batch.calls()) {
            if (!failure.isEmpty()) {
                call.fail(failure);
            }
            call.end();
        }
    }

    private synchronized void failWaiting() {
        closed = true;
        for (GeneratedCall call : waiting) {
            call.fail("the server is closing");
            call.end();
        }
        waiting.clear();
        waitingChoices = 0;
    }
}

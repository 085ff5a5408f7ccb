package rlaif.processors;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import rlaif.judging.JudgeCalls;
import rlaif.judging.limits.Spent;

/// A task between `init` and `close` that asks an endpoint about its records, without the stream
/// thread waiting on the endpoint.
///
/// What comes of an item is taken up on the stream thread, inside the task's transaction, before
/// the next record or by a short punctuator. The thread waits only when too much is outstanding,
/// and then for at most a second between two punctuations, so that the transaction never times out
/// however long the endpoint is away. Owned by the task's thread.
///
/// @param <I> what is asked about
/// @param <D> what comes of it
final class AskingTask<I extends Outstanding.Item, D> implements AutoCloseable {
    private static final Duration DRAIN_INTERVAL = Duration.ofMillis(20);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private final Outstanding<I, D> outstanding;
    private final Room room;
    private final JudgeCalls calls;
    private final SpentStore spent;
    private final Intake intake;
    private final TopicPartition source;
    private final Function<D, Spent> spentOn;
    private final Consumer<Outstanding.Result<I, D>> taker;
    private Duration waitLeft = LONGEST_WAIT;

    /// @param calls to the endpoint, shared by all tasks of the process
    /// @param spent what this task has used up of their budget
    /// @param source partition whose records wait in their topic when that is held
    /// @param spentOn what an item that was asked about used up
    /// @param taker takes up what came of an item
    AskingTask(
            Outstanding<I, D> outstanding,
            Room room,
            JudgeCalls calls,
            SpentStore spent,
            Intake intake,
            TopicPartition source,
            Function<D, Spent> spentOn,
            Consumer<Outstanding.Result<I, D>> taker) {
        this.outstanding = outstanding;
        this.room = room;
        this.calls = calls;
        this.spent = spent;
        this.intake = intake;
        this.source = source;
        this.spentOn = spentOn;
        this.taker = taker;
        calls.addSpent(spent.spent());
    }

    /// Takes up results from now on, whether records come or not.
    void schedule(ProcessorContext<?, ?> context) {
        context.schedule(
                DRAIN_INTERVAL,
                PunctuationType.WALL_CLOCK_TIME,
                _ -> {
                    waitLeft = LONGEST_WAIT;
                    takeUp();
                    holdOrRelease();
                });
    }

    /// Takes up all results that there are.
    void takeUp() {
        Spent used = Spent.NOTHING;
        for (Optional<Outstanding.Result<I, D>> result = outstanding.poll();
                result.isPresent();
                result = outstanding.poll()) {
            taker.accept(result.get());
            used = used.plus(spentOn(result.get()));
        }
        spent.add(used);
    }

    /// Waits while too much is outstanding, and has no more fetched while enough is.
    void makeRoom() {
        waitForRoom();
        holdOrRelease();
    }

    private void waitForRoom() {
        while (room.isFull(outstanding) && waitLeft.isPositive()) {
            long started = System.nanoTime();
            try {
                outstanding
                        .poll(waitLeft)
                        .ifPresent(result -> {
                            taker.accept(result);
                            spent.add(spentOn(result));
                        });
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            waitLeft = waitLeft.minusNanos(System.nanoTime() - started);
        }
    }

    /// No more records are fetched while enough are outstanding, or while the endpoint is away or
    /// its budget used up, as long as one is outstanding that will find out when that ends.
    private void holdOrRelease() {
        intake.hold(
                source,
                room.isScarce(outstanding)
                        || (outstanding.records() > 0 && calls.pause().isPresent()));
    }

    private Spent spentOn(Outstanding.Result<I, D> result) {
        return switch (result) {
            case Outstanding.Result.Done(var _, D done) -> spentOn.apply(done);
            case Outstanding.Result.Broken(var _, var _) -> Spent.NOTHING;
        };
    }

    /// Whether its records wait in their topic.
    boolean isHeld() {
        return intake.holds(source);
    }

    @Override
    public void close() {
        outstanding.close();
        intake.hold(source, false);
        calls.addSpent(Spent.NOTHING.minus(spent.spent()));
    }
}

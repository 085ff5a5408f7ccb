package rlaif.judging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import rlaif.judging.limits.Budgets;
import rlaif.judging.limits.Prices;
import rlaif.judging.limits.Spent;

/// Calls that fail, wait and are made again.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class JudgeCallsTest {
    private final Queue<String> notices = new ConcurrentLinkedQueue<>();

    private JudgeCalls calls(JudgeCalls.Settings settings) {
        return new JudgeCalls("tested", settings, notices::add);
    }

    @Test
    void whileTheEndpointIsAwayNothingIsGivenUpAndOneTrialAtATimeIsMade()
            throws InterruptedException {
        JudgeCalls calls = calls(QuickCalls.SETTINGS);
        SwitchedEndpoint endpoint = new SwitchedEndpoint();
        calls.item("before").ask(endpoint);
        endpoint.replies(QuickCalls.DOWN);
        ItemsAtOnce items = ItemsAtOnce.ask(50, calls, endpoint);
        QuickCalls.awaitPause(calls);
        assertThat(calls.pause().orElseThrow())
                .isEqualTo("judge 'tested' answers nobody: connection refused");
        Thread.sleep(100); // what had begun before has ended
        int before = endpoint.asked();
        Thread.sleep(400);
        assertThat(endpoint.asked() - before).isBetween(1, 60); // one every 40 ms, and no herd
        assertThat(items.replies()).isEmpty();

        endpoint.answers();
        items.await();
        assertThat(items.verdicts()).isEqualTo(50);
        assertThat(calls.pause()).isEmpty();
        assertThat(notices)
                .anyMatch(line -> line.contains("answers nobody (last: connection refused)"))
                .anyMatch(line -> line.contains("answers again"));
    }

    @Test
    void aRequestThatCanNoLongerBeAnsweredDoesNotKeepTheBreakerOpen() throws InterruptedException {
        JudgeCalls calls = calls(QuickCalls.SETTINGS);
        AtomicInteger first = new AtomicInteger();
        calls.item("before")
                .ask(() -> first.getAndIncrement() == 0 ? QuickCalls.answer() : QuickCalls.DOWN);
        SwitchedEndpoint endpoint = new SwitchedEndpoint();
        endpoint.replies(QuickCalls.DOWN);
        ItemsAtOnce items = ItemsAtOnce.ask(5, calls, endpoint);
        QuickCalls.awaitPause(calls);
        endpoint.answers();
        items.await();
        assertThat(items.verdicts()).isEqualTo(5);
    }

    @Test
    void whereNothingWasEverAnsweredWhatIsRefusedIsRefusedForGood() throws InterruptedException {
        JudgeCalls calls = calls(QuickCalls.SETTINGS);
        ItemsAtOnce items = ItemsAtOnce.ask(60, calls, () -> new Reply.Refused("no number"));
        items.await();
        assertThat(items.replies())
                .hasSize(60)
                .allMatch(called -> called.reply() instanceof Reply.Refused);
    }

    @Test
    void anOutageAtTheVeryStartHoldsToo() throws InterruptedException {
        JudgeCalls calls = calls(QuickCalls.SETTINGS);
        AtomicInteger failures = new AtomicInteger(60);
        ItemsAtOnce items =
                ItemsAtOnce.ask(
                        4,
                        calls,
                        () ->
                                failures.getAndDecrement() > 0
                                        ? QuickCalls.DOWN
                                        : QuickCalls.answer());
        items.await();
        assertThat(items.verdicts()).isEqualTo(4);
    }

    @Test
    void anItemThatFailsAloneIsGivenUpAfterOneAndFiveAttempts() throws InterruptedException {
        JudgeCalls calls = calls(QuickCalls.SETTINGS);
        calls.item("other").ask(QuickCalls::answer);
        JudgeCalls.Called called = calls.item("poison").ask(() -> QuickCalls.DOWN);
        assertThat(called.reply()).isEqualTo(QuickCalls.DOWN);
        assertThat(called.attempts()).isEqualTo(6);
        assertThat(called.expired()).isFalse();
        assertThat(calls.pause()).isEmpty();
    }

    @Test
    void aPoisonItemThatComesFirstIsGivenUpWhereTheProbeWasAnswered() throws InterruptedException {
        JudgeCalls calls = calls(QuickCalls.SETTINGS);
        calls.know(QuickCalls::answer);
        JudgeCalls.Called called = calls.item("poison").ask(() -> QuickCalls.DOWN);
        assertThat(called.reply()).isEqualTo(QuickCalls.DOWN);
        assertThat(called.attempts()).isEqualTo(6);
        assertThat(calls.pause()).isEmpty();
    }

    @Test
    void whatIsRefusedWithoutACallTellsNothingAboutTheEndpoint() throws InterruptedException {
        Reply tooLong = Reply.Refused.unasked("too long");
        JudgeCalls healthy =
                calls(QuickCalls.SETTINGS.withBudgets(new Budgets(5, 0, 0), Prices.NONE));
        for (int i = 0; i < 50; i++) {
            JudgeCalls.Called called = healthy.item("long-" + i).ask(() -> tooLong);
            assertThat(called.reply()).isEqualTo(tooLong);
            assertThat(called.attempts()).isZero();
            assertThat(called.spent()).isEqualTo(Spent.NOTHING);
        }
        assertThat(healthy.pause()).as("20 refusals in a row open the breaker").isEmpty();
        assertThat(healthy.status().spent()).isEqualTo(Spent.NOTHING);
        assertThat(healthy.status().refused()).isZero();
    }

    @Test
    void anOutageGivesUpNobodyWhateverIsRefusedWithoutACallMeanwhile() throws InterruptedException {
        JudgeCalls calls = calls(QuickCalls.SETTINGS);
        SwitchedEndpoint endpoint = new SwitchedEndpoint();
        calls.item("before").ask(endpoint);
        endpoint.replies(QuickCalls.DOWN);
        ItemsAtOnce items = ItemsAtOnce.ask(4, calls, endpoint);
        List<ItemsAtOnce> oversized = new ArrayList<>();
        long end = System.nanoTime() + Duration.ofMillis(500).toNanos();
        while (System.nanoTime() - end < 0) {
            oversized.add(ItemsAtOnce.ask(1, calls, () -> Reply.Refused.unasked("too long")));
            Thread.sleep(2);
        }
        assertThat(calls.pause()).isPresent();
        assertThat(items.replies()).isEmpty();
        endpoint.answers();
        items.await();
        for (ItemsAtOnce refused : oversized) {
            refused.await();
        }
        assertThat(items.verdicts()).isEqualTo(4);
    }

    @Test
    void aRefusalForLoadCountsOnlyAgainstAnItemThatIsRefusedAlone() throws InterruptedException {
        Reply busy = new Reply.RetryLater(Reply.Obstacle.LOAD, "status 429", Duration.ZERO);
        JudgeCalls calls = calls(QuickCalls.SETTINGS.withMaxInFlight(64));
        calls.item("other").ask(QuickCalls::answer);
        assertThat(calls.item("poison").ask(() -> busy).attempts()).isEqualTo(6);

        AtomicInteger turn = new AtomicInteger();
        ItemsAtOnce items =
                ItemsAtOnce.ask(
                        200,
                        calls,
                        () -> {
                            Thread.sleep(1);
                            return turn.incrementAndGet() % 8 == 0 ? QuickCalls.answer() : busy;
                        });
        items.await();
        assertThat(items.replies()).hasSize(200);
        assertThat(items.verdicts()).isGreaterThan(180);
    }

    @Test
    void statusTellsWhyARequestIsMadeAgain() throws InterruptedException {
        JudgeCalls calls = calls(QuickCalls.SETTINGS);
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        Reply busy = new Reply.RetryLater(Reply.Obstacle.LOAD, "status 429", Duration.ZERO);
        calls.item("one")
                .ask(() -> {
                    seen.add(calls.status().retrying());
                    return seen.size() == 1 ? busy : QuickCalls.answer();
                });
        assertThat(seen).containsExactly("", "status 429");
        assertThat(calls.status().retrying()).isEmpty();
    }

    @Test
    void anItemThatTakesTooLongIsGivenUpByItsDeadline() throws InterruptedException {
        JudgeCalls calls =
                calls(
                        QuickCalls.SETTINGS
                                .withItemDeadline(Duration.ofMillis(60))
                                .withRetries(
                                        new Retries(
                                                1_000,
                                                Duration.ofMillis(1),
                                                Duration.ofMillis(3),
                                                Duration.ofSeconds(1))));
        calls.item("other").ask(QuickCalls::answer);
        JudgeCalls.Called called = calls.item("slow").ask(() -> QuickCalls.DOWN);
        assertThat(called.expired()).isTrue();
        assertThat(called.attempts()).isLessThan(61);
    }

    @Test
    void anAttemptThatThrowsGivesItsPermitBack() {
        JudgeCalls calls = calls(QuickCalls.SETTINGS.withMaxInFlight(1));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() ->
                            calls.item("one")
                                    .ask(() -> {
                                        throw new IllegalStateException("broken");
                                    }))
                    .hasMessage("broken");
        }
        assertThat(calls.status().inFlight()).isZero();
    }

    @Test
    void whoeverIsInterruptedInLineLeavesIt() throws InterruptedException {
        JudgeCalls calls = calls(QuickCalls.SETTINGS.withMaxInFlight(1));
        AtomicBoolean held = new AtomicBoolean(true);
        ItemsAtOnce items =
                ItemsAtOnce.ask(
                        5,
                        calls,
                        () -> {
                            while (held.get()) {
                                Thread.sleep(1);
                            }
                            return QuickCalls.answer();
                        });
        while (calls.status().waiting() < 4) {
            Thread.sleep(1);
        }
        items.interrupt();
        assertThat(calls.status().waiting()).isZero();
        assertThat(calls.status().inFlight()).isZero();
        held.set(false);
        assertThat(calls.item("next").ask(QuickCalls::answer).attempts()).isEqualTo(1);
    }
}

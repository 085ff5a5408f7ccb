package rlaif.judging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import rlaif.judging.limits.Budgets;
import rlaif.judging.limits.Prices;
import rlaif.judging.limits.Spent;

/// Calls of which a budget allows so many.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class JudgeCallsBudgetTest {
    private final Queue<String> notices = new ConcurrentLinkedQueue<>();

    private JudgeCalls calls(JudgeCalls.Settings settings) {
        return new JudgeCalls("tested", settings, notices::add);
    }

    @Test
    void everyCallIsCountedAndTheTokensOfThoseBeforeAFailure() throws InterruptedException {
        JudgeCalls calls =
                calls(QuickCalls.SETTINGS.withBudgets(new Budgets(0, 0, 9_000), new Prices(1, 10)));
        calls.item("other").ask(QuickCalls::answer);
        Reply afterRationale =
                new Reply.RetryLater(
                        Reply.Obstacle.FAULT,
                        "status 500",
                        Duration.ZERO,
                        new Reply.Usage(2, 100, 50));
        JudgeCalls.Called called = calls.item("poison").ask(() -> afterRationale);
        assertThat(called.attempts()).isEqualTo(6);
        assertThat(called.spent()).isEqualTo(new Spent(12, 900, 3_600));
        assertThat(calls.status().spent().tokens()).isEqualTo(900);
        assertThat(calls.status().spent().requests())
                .as("with what was asked to find out whose fault it was")
                .isGreaterThanOrEqualTo(13);
    }

    @Test
    void aBudgetLetsNothingNewBeginAndFinishesWhatHasBegun() throws InterruptedException {
        JudgeCalls calls =
                calls(QuickCalls.SETTINGS.withBudgets(new Budgets(10, 0, 0), Prices.NONE));
        JudgeCalls.Item begun = calls.item("begun");
        begun.ask(QuickCalls::answer);
        ItemsAtOnce items = ItemsAtOnce.ask(50, calls, QuickCalls::answer);
        items.awaitReplies(9);
        Thread.sleep(50);
        assertThat(items.replies()).hasSize(9);
        assertThat(calls.pause())
                .hasValueSatisfying(
                        line -> assertThat(line).contains("10 requests", "judge.budget.requests"));
        begun.ask(QuickCalls::answer);
        assertThat(begun.askOnce(QuickCalls::answer).attempts()).isZero();
        assertThat(calls.status().spent().requests()).isEqualTo(11);
        assertThat(notices).hasSize(1);

        calls.addSpent(new Spent(-100, 0, 0));
        items.await();
        assertThat(items.replies()).hasSize(50);
    }

    private static Reply answerOf(int promptTokens, int completionTokens) {
        return new Reply.Verdict(
                0.7,
                1,
                new Reply.Exchange(
                        ReadingMode.LOGPROBS,
                        "",
                        "",
                        "",
                        Duration.ofMillis(1),
                        OptionalInt.of(promptTokens),
                        OptionalInt.of(completionTokens)));
    }

    @Test
    void whatFollowsAFirstCallIsSetAsideForItAndGivenBackWhereItDoesNot()
            throws InterruptedException {
        JudgeCalls calls =
                calls(QuickCalls.SETTINGS.withBudgets(new Budgets(5, 0, 0), Prices.NONE));
        List<JudgeCalls.Item> begun = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            begun.add(calls.item("begun-" + i, 2, Reply.Usage.ONE_CALL));
            begun.getLast().ask(QuickCalls::answer);
        }
        CountDownLatch third = new CountDownLatch(1);
        ItemsAtOnce waiting =
                ItemsAtOnce.run(
                        1,
                        () -> {
                            try (var item = calls.item("third", 2, Reply.Usage.ONE_CALL)) {
                                item.ask(QuickCalls::answer);
                                third.countDown();
                            }
                        });
        assertThat(third.await(50, TimeUnit.MILLISECONDS)).as("2 of 1 that is left").isFalse();
        assertThat(calls.pause())
                .hasValueSatisfying(line -> assertThat(line).contains("4 made", "next may need 2"));
        assertThat(begun.getFirst().askOnce(QuickCalls::answer).attempts())
                .as("beside what is foreseen")
                .isZero();
        begun.getFirst().ask(QuickCalls::answer);
        assertThat(third.await(50, TimeUnit.MILLISECONDS)).isFalse();
        begun.getLast().close();
        waiting.await();
        assertThat(third.getCount()).isZero();
        assertThat(calls.status().spent().requests()).isEqualTo(4);
    }

    @Test
    void tokensAreSetAsideBeforeACallByWhatCallsTookSoFar() throws InterruptedException {
        JudgeCalls calls =
                calls(
                        QuickCalls.SETTINGS
                                .withMaxInFlight(64)
                                .withBudgets(new Budgets(0, 1_000, 0), Prices.NONE));
        CountDownLatch answered = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        JudgeCalls.Attempt attempt =
                () -> {
                    asked.incrementAndGet();
                    answered.await();
                    return answerOf(70, 0);
                };
        ItemsAtOnce items =
                ItemsAtOnce.run(
                        50,
                        () -> {
                            try (var item = calls.item("item", 2, new Reply.Usage(1, 200, 0))) {
                                item.ask(attempt);
                                item.ask(attempt);
                            }
                        });
        while (asked.get() < 2) {
            Thread.sleep(1);
        }
        Thread.sleep(50);
        assertThat(asked).as("400 of 1,000 tokens each").hasValue(2);
        answered.countDown();
        while (notices.isEmpty()) {
            Thread.sleep(1);
        }
        assertThat(notices)
                .singleElement()
                .asString()
                .contains("1000 tokens is used up (980 used, what comes next may need 140)");
        assertThat(calls.status().spent()).isEqualTo(new Spent(14, 980, 0));
        items.interrupt();
    }

    @Test
    void aBudgetThatIsUsedUpAgainIsNotToldAgain() throws InterruptedException {
        JudgeCalls calls =
                calls(QuickCalls.SETTINGS.withBudgets(new Budgets(10, 0, 0), Prices.NONE));
        ItemsAtOnce items = ItemsAtOnce.ask(16, calls, QuickCalls::answer);
        items.awaitReplies(10);
        calls.addSpent(new Spent(-5, 0, 0)); // another process took a part of the stream over
        items.awaitReplies(15);
        Thread.sleep(20);
        assertThat(items.replies()).hasSize(15);
        assertThat(notices).singleElement().asString().contains("10 requests is used up");
        items.interrupt();
    }

    @Test
    void nothingIsBegunOfABudgetWhosePartsAreNotAllKnown() throws InterruptedException {
        JudgeCalls calls =
                calls(QuickCalls.SETTINGS.withBudgets(new Budgets(10, 0, 0), Prices.NONE));
        calls.hold(true); // as a stage begins, or partitions move
        calls.addSpent(new Spent(3, 0, 0));
        ItemsAtOnce items = ItemsAtOnce.ask(16, calls, QuickCalls::answer);
        calls.addSpent(new Spent(5, 0, 0));
        Thread.sleep(50);
        assertThat(items.replies()).isEmpty();
        calls.hold(false);
        items.awaitReplies(2);
        Thread.sleep(20);
        calls.hold(true); // as a stage ends
        calls.addSpent(new Spent(-8, 0, 0));
        Thread.sleep(50);
        assertThat(items.replies()).as("of 10, 8 were spent before").hasSize(2);
        assertThat(calls.status().spent()).isEqualTo(new Spent(2, 0, 0));
        items.interrupt();
        assertThat(calls.status().inFlight()).isZero();
    }

    @Test
    void withoutABudgetNothingIsHeld() throws InterruptedException {
        JudgeCalls calls = calls(QuickCalls.SETTINGS);
        calls.hold(true);
        assertThat(calls.item("one").ask(QuickCalls::answer).attempts()).isEqualTo(1);
    }

    @Test
    void tokensAndDollarsAreCountedAsTheEndpointReportsThem() throws InterruptedException {
        Reply reply = answerOf(1_000, 10);
        JudgeCalls calls =
                calls(
                        QuickCalls.SETTINGS.withBudgets(
                                new Budgets(0, 0, 312), new Prices(0.15, 0.6)));
        calls.item("one").ask(() -> reply);
        assertThat(calls.status().spent()).isEqualTo(new Spent(1, 1_010, 156));
        assertThat(calls.pause()).isEmpty();
        calls.item("two").ask(() -> reply);
        assertThat(calls.pause()).isPresent();
    }
}

package rlaif.judging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import rlaif.judging.limits.Breaker;
import rlaif.judging.limits.Budgets;
import rlaif.judging.limits.Prices;
import rlaif.judging.limits.Spent;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class JudgeCallsTest {
    private static final Reply DOWN = new Reply.RetryLater("connection refused", Duration.ZERO);
    private static final Breaker.Settings QUICK_BREAKER =
            new Breaker.Settings(
                    5, Duration.ofMillis(20), 20, Duration.ofMillis(10), Duration.ofMillis(40));
    private static final JudgeCalls.Settings QUICK =
            JudgeCalls.Settings.DEFAULT
                    .withMaxInFlight(8)
                    .withRetries(
                            new Retries(
                                    5,
                                    Duration.ofMillis(1),
                                    Duration.ofMillis(3),
                                    Duration.ofSeconds(1)))
                    .withBreaker(QUICK_BREAKER);

    private final Queue<String> notices = new ConcurrentLinkedQueue<>();

    private JudgeCalls calls(JudgeCalls.Settings settings) {
        return new JudgeCalls("tested", settings, notices::add);
    }

    private static Reply answer() {
        return new Reply.Verdict(0.7, 1, Reply.Exchange.none());
    }

    /// Asks about `count` items at once and gives the replies as they come.
    private static Queue<JudgeCalls.Called> askAbout(
            int count, JudgeCalls calls, JudgeCalls.Attempt attempt, List<Thread> threads) {
        Queue<JudgeCalls.Called> replies = new ConcurrentLinkedQueue<>();
        for (int item = 0; item < count; item++) {
            String id = "item-" + item;
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    replies.add(calls.item(id).ask(attempt));
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                            }));
        }
        return replies;
    }

    private static void await(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    void whileTheEndpointIsAwayNothingIsGivenUpAndOneTrialAtATimeIsMade()
            throws InterruptedException {
        JudgeCalls calls = calls(QUICK);
        AtomicBoolean down = new AtomicBoolean();
        AtomicInteger asked = new AtomicInteger();
        JudgeCalls.Attempt attempt =
                () -> {
                    asked.incrementAndGet();
                    return down.get() ? DOWN : answer();
                };
        calls.item("before").ask(attempt);
        down.set(true);
        List<Thread> threads = new ArrayList<>();
        Queue<JudgeCalls.Called> replies = askAbout(50, calls, attempt, threads);
        while (calls.pause().isEmpty()) {
            Thread.sleep(1);
        }
        assertThat(calls.pause().orElseThrow())
                .isEqualTo("judge 'tested' answers nobody: connection refused");
        Thread.sleep(100); // what had begun before has ended
        int before = asked.get();
        Thread.sleep(400);
        assertThat(asked.get() - before).isBetween(1, 60); // one every 40 ms, and no herd
        assertThat(replies).isEmpty();

        down.set(false);
        await(threads);
        assertThat(replies).hasSize(50).allMatch(called -> called.reply() instanceof Reply.Verdict);
        assertThat(calls.pause()).isEmpty();
        assertThat(notices)
                .anyMatch(line -> line.contains("answers nobody (last: connection refused)"))
                .anyMatch(line -> line.contains("answers again"));
    }

    @Test
    void aRequestThatCanNoLongerBeAnsweredDoesNotKeepTheBreakerOpen() throws InterruptedException {
        JudgeCalls calls = calls(QUICK);
        AtomicInteger first = new AtomicInteger();
        calls.item("before").ask(() -> first.getAndIncrement() == 0 ? answer() : DOWN);
        AtomicBoolean down = new AtomicBoolean(true);
        List<Thread> threads = new ArrayList<>();
        Queue<JudgeCalls.Called> replies =
                askAbout(5, calls, () -> down.get() ? DOWN : answer(), threads);
        while (calls.pause().isEmpty()) {
            Thread.sleep(1);
        }
        down.set(false);
        await(threads);
        assertThat(replies).hasSize(5).allMatch(called -> called.reply() instanceof Reply.Verdict);
    }

    @Test
    void whereNothingWasEverAnsweredWhatIsRefusedIsRefusedForGood() throws InterruptedException {
        JudgeCalls calls = calls(QUICK);
        List<Thread> threads = new ArrayList<>();
        Queue<JudgeCalls.Called> replies =
                askAbout(60, calls, () -> new Reply.Refused("no number"), threads);
        await(threads);
        assertThat(replies).hasSize(60).allMatch(called -> called.reply() instanceof Reply.Refused);
    }

    @Test
    void anOutageAtTheVeryStartHoldsToo() throws InterruptedException {
        JudgeCalls calls = calls(QUICK);
        AtomicInteger failures = new AtomicInteger(60);
        List<Thread> threads = new ArrayList<>();
        Queue<JudgeCalls.Called> replies =
                askAbout(4, calls, () -> failures.getAndDecrement() > 0 ? DOWN : answer(), threads);
        await(threads);
        assertThat(replies).hasSize(4).allMatch(called -> called.reply() instanceof Reply.Verdict);
    }

    @Test
    void anItemThatFailsAloneIsGivenUpAfterOneAndFiveAttempts() throws InterruptedException {
        JudgeCalls calls = calls(QUICK);
        calls.item("other").ask(JudgeCallsTest::answer);
        JudgeCalls.Called called = calls.item("poison").ask(() -> DOWN);
        assertThat(called.reply()).isEqualTo(DOWN);
        assertThat(called.attempts()).isEqualTo(6);
        assertThat(called.expired()).isFalse();
        assertThat(calls.pause()).isEmpty();
    }

    @Test
    void aPoisonItemThatComesFirstIsGivenUpWhereTheProbeWasAnswered() throws InterruptedException {
        JudgeCalls calls = calls(QUICK);
        calls.know(JudgeCallsTest::answer);
        JudgeCalls.Called called = calls.item("poison").ask(() -> DOWN);
        assertThat(called.reply()).isEqualTo(DOWN);
        assertThat(called.attempts()).isEqualTo(6);
        assertThat(calls.pause()).isEmpty();
    }

    @Test
    void whatIsRefusedWithoutACallTellsNothingAboutTheEndpoint() throws InterruptedException {
        Reply tooLong = Reply.Refused.unasked("too long");
        JudgeCalls healthy = calls(QUICK.withBudgets(new Budgets(5, 0, 0), Prices.NONE));
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
        JudgeCalls calls = calls(QUICK);
        AtomicBoolean down = new AtomicBoolean();
        JudgeCalls.Attempt attempt = () -> down.get() ? DOWN : answer();
        calls.item("before").ask(attempt);
        down.set(true);
        List<Thread> threads = new ArrayList<>();
        Queue<JudgeCalls.Called> replies = askAbout(4, calls, attempt, threads);
        List<Thread> oversized = new ArrayList<>();
        long end = System.nanoTime() + Duration.ofMillis(500).toNanos();
        while (System.nanoTime() - end < 0) {
            askAbout(1, calls, () -> Reply.Refused.unasked("too long"), oversized);
            Thread.sleep(2);
        }
        assertThat(calls.pause()).isPresent();
        assertThat(replies).isEmpty();
        down.set(false);
        await(threads);
        await(oversized);
        assertThat(replies).hasSize(4).allMatch(called -> called.reply() instanceof Reply.Verdict);
    }

    @Test
    void everyCallIsCountedAndTheTokensOfThoseBeforeAFailure() throws InterruptedException {
        JudgeCalls calls = calls(QUICK.withBudgets(new Budgets(0, 0, 9_000), new Prices(1, 10)));
        calls.item("other").ask(JudgeCallsTest::answer);
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
    void aRefusalForLoadCountsOnlyAgainstAnItemThatIsRefusedAlone() throws InterruptedException {
        Reply busy = new Reply.RetryLater(Reply.Obstacle.LOAD, "status 429", Duration.ZERO);
        JudgeCalls calls = calls(QUICK.withMaxInFlight(64));
        calls.item("other").ask(JudgeCallsTest::answer);
        assertThat(calls.item("poison").ask(() -> busy).attempts()).isEqualTo(6);

        AtomicInteger turn = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        Queue<JudgeCalls.Called> replies =
                askAbout(
                        200,
                        calls,
                        () -> {
                            Thread.sleep(1);
                            return turn.incrementAndGet() % 8 == 0 ? answer() : busy;
                        },
                        threads);
        await(threads);
        assertThat(replies)
                .hasSize(200)
                .filteredOn(called -> called.reply() instanceof Reply.Verdict)
                .hasSizeGreaterThan(180);
    }

    @Test
    void statusTellsWhyARequestIsMadeAgain() throws InterruptedException {
        JudgeCalls calls = calls(QUICK);
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        Reply busy = new Reply.RetryLater(Reply.Obstacle.LOAD, "status 429", Duration.ZERO);
        calls.item("one")
                .ask(() -> {
                    seen.add(calls.status().retrying());
                    return seen.size() == 1 ? busy : answer();
                });
        assertThat(seen).containsExactly("", "status 429");
        assertThat(calls.status().retrying()).isEmpty();
    }

    @Test
    void anItemThatTakesTooLongIsGivenUpByItsDeadline() throws InterruptedException {
        JudgeCalls calls =
                calls(
                        QUICK.withItemDeadline(Duration.ofMillis(60))
                                .withRetries(
                                        new Retries(
                                                1_000,
                                                Duration.ofMillis(1),
                                                Duration.ofMillis(3),
                                                Duration.ofSeconds(1))));
        calls.item("other").ask(JudgeCallsTest::answer);
        JudgeCalls.Called called = calls.item("slow").ask(() -> DOWN);
        assertThat(called.expired()).isTrue();
        assertThat(called.attempts()).isLessThan(61);
    }

    @Test
    void aBudgetLetsNothingNewBeginAndFinishesWhatHasBegun() throws InterruptedException {
        JudgeCalls calls = calls(QUICK.withBudgets(new Budgets(10, 0, 0), Prices.NONE));
        JudgeCalls.Item begun = calls.item("begun");
        begun.ask(JudgeCallsTest::answer);
        List<Thread> threads = new ArrayList<>();
        Queue<JudgeCalls.Called> replies = askAbout(50, calls, JudgeCallsTest::answer, threads);
        while (replies.size() < 9) {
            Thread.sleep(1);
        }
        Thread.sleep(50);
        assertThat(replies).hasSize(9);
        assertThat(calls.pause())
                .hasValueSatisfying(
                        line -> assertThat(line).contains("10 requests", "judge.budget.requests"));
        begun.ask(JudgeCallsTest::answer);
        assertThat(begun.askOnce(JudgeCallsTest::answer).attempts()).isZero();
        assertThat(calls.status().spent().requests()).isEqualTo(11);
        assertThat(notices).hasSize(1);

        calls.addSpent(new Spent(-100, 0, 0));
        await(threads);
        assertThat(replies).hasSize(50);
    }

    private static Reply answerOf(int promptTokens) {
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
                        OptionalInt.of(0)));
    }

    @Test
    void whatFollowsAFirstCallIsSetAsideForItAndGivenBackWhereItDoesNot()
            throws InterruptedException {
        JudgeCalls calls = calls(QUICK.withBudgets(new Budgets(5, 0, 0), Prices.NONE));
        List<JudgeCalls.Item> begun = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            begun.add(calls.item("begun-" + i, 2, Reply.Usage.ONE_CALL));
            begun.getLast().ask(JudgeCallsTest::answer);
        }
        List<Thread> threads = new ArrayList<>();
        CountDownLatch third = new CountDownLatch(1);
        threads.add(
                Thread.ofVirtual()
                        .start(() -> {
                            try (var item = calls.item("third", 2, Reply.Usage.ONE_CALL)) {
                                item.ask(JudgeCallsTest::answer);
                                third.countDown();
                            } catch (InterruptedException e) {
                                // the test is over
                            }
                        }));
        assertThat(third.await(50, TimeUnit.MILLISECONDS)).as("2 of 1 that is left").isFalse();
        assertThat(calls.pause())
                .hasValueSatisfying(line -> assertThat(line).contains("4 made", "next may need 2"));
        assertThat(begun.getFirst().askOnce(JudgeCallsTest::answer).attempts())
                .as("beside what is foreseen")
                .isZero();
        begun.getFirst().ask(JudgeCallsTest::answer);
        assertThat(third.await(50, TimeUnit.MILLISECONDS)).isFalse();
        begun.getLast().close();
        await(threads);
        assertThat(third.getCount()).isZero();
        assertThat(calls.status().spent().requests()).isEqualTo(4);
    }

    @Test
    void tokensAreSetAsideBeforeACallByWhatCallsTookSoFar() throws InterruptedException {
        JudgeCalls calls =
                calls(QUICK.withMaxInFlight(64).withBudgets(new Budgets(0, 1_000, 0), Prices.NONE));
        CountDownLatch answered = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String id = "item-" + i;
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                var expected = new Reply.Usage(1, 200, 0);
                                try (var item = calls.item(id, 2, expected)) {
                                    for (int order = 0; order < 2; order++) {
                                        item.ask(() -> {
                                            asked.incrementAndGet();
                                            answered.await();
                                            return answerOf(70);
                                        });
                                    }
                                } catch (InterruptedException e) {
                                    // the test is over
                                }
                            }));
        }
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
        threads.forEach(Thread::interrupt);
        await(threads);
    }

    @Test
    void aBudgetThatIsUsedUpAgainIsNotToldAgain() throws InterruptedException {
        JudgeCalls calls = calls(QUICK.withBudgets(new Budgets(10, 0, 0), Prices.NONE));
        List<Thread> threads = new ArrayList<>();
        Queue<JudgeCalls.Called> replies = askAbout(16, calls, JudgeCallsTest::answer, threads);
        while (replies.size() < 10) {
            Thread.sleep(1);
        }
        calls.addSpent(new Spent(-5, 0, 0)); // another process took a part of the stream over
        while (replies.size() < 15) {
            Thread.sleep(1);
        }
        Thread.sleep(20);
        assertThat(replies).hasSize(15);
        assertThat(notices).singleElement().asString().contains("10 requests is used up");
        threads.forEach(Thread::interrupt);
        await(threads);
    }

    @Test
    void nothingIsBegunOfABudgetWhosePartsAreNotAllKnown() throws InterruptedException {
        JudgeCalls calls = calls(QUICK.withBudgets(new Budgets(10, 0, 0), Prices.NONE));
        List<Thread> threads = new ArrayList<>();
        calls.hold(true); // as a stage begins, or partitions move
        calls.addSpent(new Spent(3, 0, 0));
        Queue<JudgeCalls.Called> replies = askAbout(16, calls, JudgeCallsTest::answer, threads);
        calls.addSpent(new Spent(5, 0, 0));
        Thread.sleep(50);
        assertThat(replies).isEmpty();
        calls.hold(false);
        while (replies.size() < 2) {
            Thread.sleep(1);
        }
        Thread.sleep(20);
        calls.hold(true); // as a stage ends
        calls.addSpent(new Spent(-8, 0, 0));
        Thread.sleep(50);
        assertThat(replies).as("of 10, 8 were spent before").hasSize(2);
        assertThat(calls.status().spent()).isEqualTo(new Spent(2, 0, 0));
        threads.forEach(Thread::interrupt);
        await(threads);
        assertThat(calls.status().inFlight()).isZero();
    }

    @Test
    void withoutABudgetNothingIsHeld() throws InterruptedException {
        JudgeCalls calls = calls(QUICK);
        calls.hold(true);
        assertThat(calls.item("one").ask(JudgeCallsTest::answer).attempts()).isEqualTo(1);
    }

    @Test
    void tokensAndDollarsAreCountedAsTheEndpointReportsThem() throws InterruptedException {
        Reply reply =
                new Reply.Verdict(
                        0.7,
                        1,
                        new Reply.Exchange(
                                ReadingMode.LOGPROBS,
                                "",
                                "",
                                "",
                                Duration.ofMillis(1),
                                OptionalInt.of(1_000),
                                OptionalInt.of(10)));
        JudgeCalls calls = calls(QUICK.withBudgets(new Budgets(0, 0, 312), new Prices(0.15, 0.6)));
        calls.item("one").ask(() -> reply);
        assertThat(calls.status().spent()).isEqualTo(new Spent(1, 1_010, 156));
        assertThat(calls.pause()).isEmpty();
        calls.item("two").ask(() -> reply);
        assertThat(calls.pause()).isPresent();
    }

    @Test
    void anAttemptThatThrowsGivesItsPermitBack() {
        JudgeCalls calls = calls(QUICK.withMaxInFlight(1));
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
        JudgeCalls calls = calls(QUICK.withMaxInFlight(1));
        AtomicBoolean held = new AtomicBoolean(true);
        List<Thread> threads = new ArrayList<>();
        askAbout(
                5,
                calls,
                () -> {
                    while (held.get()) {
                        Thread.sleep(1);
                    }
                    return answer();
                },
                threads);
        while (calls.status().waiting() < 4) {
            Thread.sleep(1);
        }
        threads.forEach(Thread::interrupt);
        await(threads);
        assertThat(calls.status().waiting()).isZero();
        assertThat(calls.status().inFlight()).isZero();
        held.set(false);
        assertThat(calls.item("next").ask(JudgeCallsTest::answer).attempts()).isEqualTo(1);
    }

    private static final Reply DENIED = Reply.Refused.denied("status 401 (no such key)");

    @Test
    void aKeyThatExpiresCostsNoItem() throws InterruptedException {
        JudgeCalls calls = calls(QUICK);
        AtomicBoolean expired = new AtomicBoolean();
        JudgeCalls.Attempt attempt = () -> expired.get() ? DENIED : answer();
        calls.item("before").ask(attempt);
        expired.set(true);
        List<Thread> threads = new ArrayList<>();
        Queue<JudgeCalls.Called> replies = askAbout(60, calls, attempt, threads);
        while (calls.pause().isEmpty()) {
            Thread.sleep(1);
        }
        assertThat(calls.pause())
                .hasValue("judge 'tested' answers nobody: status 401 (no such key)");
        Thread.sleep(300); // some trials, and many times the retries of an item
        assertThat(replies).isEmpty();
        assertThat(calls.status().denied()).isGreaterThanOrEqualTo(5);
        assertThat(calls.status().refused()).isZero();

        expired.set(false);
        await(threads);
        assertThat(replies).hasSize(60).allMatch(called -> called.reply() instanceof Reply.Verdict);
        assertThat(calls.pause()).isEmpty();
        assertThat(notices)
                .anyMatch(line -> line.contains("(last: status 401 (no such key))"))
                .anyMatch(line -> line.contains("answers again"));
    }

    @Test
    void aKeyThatIsBadFromTheStartCostsNoItemEither() throws InterruptedException {
        JudgeCalls calls = calls(QUICK);
        AtomicInteger denials = new AtomicInteger(60);
        List<Thread> threads = new ArrayList<>();
        Queue<JudgeCalls.Called> replies =
                askAbout(
                        4, calls, () -> denials.getAndDecrement() > 0 ? DENIED : answer(), threads);
        await(threads);
        assertThat(replies).hasSize(4).allMatch(called -> called.reply() instanceof Reply.Verdict);
    }

    @Test
    void anAnswerToWhatWasLetInBeforeIsNoSignThatTheKeyIsGood() throws InterruptedException {
        JudgeCalls calls = calls(QUICK.withMaxInFlight(64));
        AtomicBoolean expired = new AtomicBoolean();
        AtomicInteger letIn = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        Queue<JudgeCalls.Called> slow =
                askAbout(
                        40,
                        calls,
                        () -> {
                            if (expired.get()) {
                                return DENIED;
                            }
                            Thread.sleep(10L * letIn.incrementAndGet());
                            return answer();
                        },
                        threads);
        while (letIn.get() < 40) {
            Thread.sleep(1);
        }
        expired.set(true);
        Queue<JudgeCalls.Called> late =
                askAbout(1, calls, () -> expired.get() ? DENIED : answer(), threads);
        while (slow.size() < 40) {
            Thread.sleep(1);
        }
        Thread.sleep(50);
        assertThat(late).as("denied beside 40 answers that were begun before").isEmpty();

        expired.set(false);
        await(threads);
        assertThat(late).singleElement().matches(called -> called.reply() instanceof Reply.Verdict);
    }

    @Test
    void anItemThatIsDeniedAloneIsRefusedAfterItsAttempts() throws InterruptedException {
        JudgeCalls calls = calls(QUICK);
        calls.know(JudgeCallsTest::answer);
        JudgeCalls.Called called = calls.item("poison").ask(() -> DENIED);
        assertThat(called.reply()).isEqualTo(DENIED);
        assertThat(called.attempts()).isEqualTo(6);
        assertThat(called.expired()).isFalse();
        assertThat(calls.pause()).isEmpty();
    }

    @Test
    void itemsThatAreDeniedBesideAnsweredOnesDoNotWaitForEver() throws InterruptedException {
        JudgeCalls calls = calls(QUICK);
        calls.know(JudgeCallsTest::answer);
        List<Thread> threads = new ArrayList<>();
        Queue<JudgeCalls.Called> denied = askAbout(30, calls, () -> DENIED, threads);
        Queue<JudgeCalls.Called> answered = askAbout(10, calls, JudgeCallsTest::answer, threads);
        await(threads);
        assertThat(denied).hasSize(30).allMatch(called -> called.reply().equals(DENIED));
        assertThat(answered).allMatch(called -> called.reply() instanceof Reply.Verdict);
        assertThat(calls.pause()).isEmpty();
    }

    @Test
    void anEndpointThatRefusesEveryRequestCostsNoMoreItemsThanItTakesToSeeIt()
            throws InterruptedException {
        JudgeCalls calls = calls(QUICK);
        AtomicBoolean expired = new AtomicBoolean();
        JudgeCalls.Attempt attempt =
                () -> expired.get() ? new Reply.Refused("status 400") : answer();
        calls.item("before").ask(attempt);
        expired.set(true);
        List<Thread> threads = new ArrayList<>();
        Queue<JudgeCalls.Called> replies = askAbout(60, calls, attempt, threads);
        while (calls.pause().isEmpty()) {
            Thread.sleep(1);
        }
        Thread.sleep(500); // a dozen trials
        assertThat(replies)
                .hasSizeLessThan(20) // which opened the breaker
                .allMatch(called -> called.reply() instanceof Reply.Refused);

        int refused = replies.size();
        expired.set(false);
        await(threads);
        assertThat(replies)
                .hasSize(60)
                .filteredOn(called -> called.reply() instanceof Reply.Verdict)
                .hasSize(60 - refused);
    }
}

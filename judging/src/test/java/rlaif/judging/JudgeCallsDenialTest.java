package rlaif.judging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Calls that an endpoint denies to whoever asks, or refuses.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class JudgeCallsDenialTest {
    private static final Reply DENIED = Reply.Refused.denied("status 401 (no such key)");

    private final Queue<String> notices = new ConcurrentLinkedQueue<>();

    private JudgeCalls calls(JudgeCalls.Settings settings) {
        return new JudgeCalls("tested", settings, notices::add);
    }

    @Test
    void aKeyThatExpiresCostsNoItem() throws InterruptedException {
        JudgeCalls calls = calls(QuickCalls.SETTINGS);
        SwitchedEndpoint endpoint = new SwitchedEndpoint();
        calls.item("before").ask(endpoint);
        endpoint.replies(DENIED);
        ItemsAtOnce items = ItemsAtOnce.ask(60, calls, endpoint);
        QuickCalls.awaitPause(calls);
        assertThat(calls.pause())
                .hasValue("judge 'tested' answers nobody: status 401 (no such key)");
        Thread.sleep(300); // some trials, and many times the retries of an item
        assertThat(items.replies()).isEmpty();
        assertThat(calls.status().denied()).isGreaterThanOrEqualTo(5);
        assertThat(calls.status().refused()).isZero();

        endpoint.answers();
        items.await();
        assertThat(items.verdicts()).isEqualTo(60);
        assertThat(calls.pause()).isEmpty();
        assertThat(notices)
                .anyMatch(line -> line.contains("(last: status 401 (no such key))"))
                .anyMatch(line -> line.contains("answers again"));
    }

    @Test
    void aKeyThatIsBadFromTheStartCostsNoItemEither() throws InterruptedException {
        JudgeCalls calls = calls(QuickCalls.SETTINGS);
        AtomicInteger denials = new AtomicInteger(60);
        ItemsAtOnce items =
                ItemsAtOnce.ask(
                        4,
                        calls,
                        () -> denials.getAndDecrement() > 0 ? DENIED : QuickCalls.answer());
        items.await();
        assertThat(items.verdicts()).isEqualTo(4);
    }

    @Test
    void anAnswerToWhatWasLetInBeforeIsNoSignThatTheKeyIsGood() throws InterruptedException {
        JudgeCalls calls = calls(QuickCalls.SETTINGS.withMaxInFlight(64));
        AtomicBoolean expired = new AtomicBoolean();
        AtomicInteger letIn = new AtomicInteger();
        ItemsAtOnce slow =
                ItemsAtOnce.ask(
                        40,
                        calls,
                        () -> {
                            if (expired.get()) {
                                return DENIED;
                            }
                            Thread.sleep(10L * letIn.incrementAndGet());
                            return QuickCalls.answer();
                        });
        while (letIn.get() < 40) {
            Thread.sleep(1);
        }
        expired.set(true);
        ItemsAtOnce late =
                ItemsAtOnce.ask(1, calls, () -> expired.get() ? DENIED : QuickCalls.answer());
        slow.awaitReplies(40);
        Thread.sleep(50);
        assertThat(late.replies()).as("denied beside 40 answers that were begun before").isEmpty();

        expired.set(false);
        slow.await();
        late.await();
        assertThat(late.verdicts()).isEqualTo(1);
    }

    @Test
    void anItemThatIsDeniedAloneIsRefusedAfterItsAttempts() throws InterruptedException {
        JudgeCalls calls = calls(QuickCalls.SETTINGS);
        calls.know(QuickCalls::answer);
        JudgeCalls.Called called = calls.item("poison").ask(() -> DENIED);
        assertThat(called.reply()).isEqualTo(DENIED);
        assertThat(called.attempts()).isEqualTo(6);
        assertThat(called.expired()).isFalse();
        assertThat(calls.pause()).isEmpty();
    }

    @Test
    void itemsThatAreDeniedBesideAnsweredOnesDoNotWaitForEver() throws InterruptedException {
        JudgeCalls calls = calls(QuickCalls.SETTINGS);
        calls.know(QuickCalls::answer);
        ItemsAtOnce denied = ItemsAtOnce.ask(30, calls, () -> DENIED);
        ItemsAtOnce answered = ItemsAtOnce.ask(10, calls, QuickCalls::answer);
        denied.await();
        answered.await();
        assertThat(denied.replies()).hasSize(30).allMatch(called -> called.reply().equals(DENIED));
        assertThat(answered.replies()).allMatch(called -> called.reply() instanceof Reply.Verdict);
        assertThat(calls.pause()).isEmpty();
    }

    @Test
    void anEndpointThatRefusesEveryRequestCostsNoMoreItemsThanItTakesToSeeIt()
            throws InterruptedException {
        JudgeCalls calls = calls(QuickCalls.SETTINGS);
        SwitchedEndpoint endpoint = new SwitchedEndpoint();
        calls.item("before").ask(endpoint);
        endpoint.replies(new Reply.Refused("status 400"));
        ItemsAtOnce items = ItemsAtOnce.ask(60, calls, endpoint);
        QuickCalls.awaitPause(calls);
        Thread.sleep(500); // a dozen trials
        assertThat(items.replies())
                .hasSizeLessThan(20) // which opened the breaker
                .allMatch(called -> called.reply() instanceof Reply.Refused);

        int refused = items.replies().size();
        endpoint.answers();
        items.await();
        assertThat(items.replies()).hasSize(60);
        assertThat(items.verdicts()).isEqualTo(60 - refused);
    }
}

package rlaif.judging.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LargeRepliesTest {
    private static final int SMALL_BYTES = 10;
    private static final int MOST_BYTES = 100;

    private final LargeReplies large = new LargeReplies(2);

    /// A sender of one reply, which sends what it is asked for.
    private final class Sender implements Flow.Subscription {
        final BoundedBody body = new BoundedBody(MOST_BYTES, SMALL_BYTES, large);
        private long asked;
        private boolean cancelled;

        Sender() {
            body.onSubscribe(this);
        }

        @Override
        public void request(long more) {
            asked += more;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        /// Sends parts of 8 bytes as long as they are asked for, at most so many.
        Sender send(int parts) {
            for (int part = 0; part < parts && asked > 0 && !cancelled; part++) {
                asked--;
                body.onNext(List.of(ByteBuffer.wrap("eight by".getBytes(StandardCharsets.UTF_8))));
            }
            return this;
        }

        BoundedBody.Received whole() {
            body.onComplete();
            return body.getBody().toCompletableFuture().join();
        }
    }

    private List<Sender> senders(int count) {
        return IntStream.range(0, count).mapToObj(_ -> new Sender()).toList();
    }

    @Test
    void smallRepliesWaitForNobody() {
        senders(2).forEach(sender -> sender.send(5));
        assertThat(new Sender().send(1).asked).isOne();
    }

    @Test
    void ofManyLargeRepliesFewAreReceivedAtATime() {
        List<Sender> all = senders(5);
        all.forEach(sender -> sender.send(5));
        assertThat(all).extracting(sender -> sender.asked).containsExactly(1L, 1L, 0L, 0L, 0L);
    }

    @Test
    void theNextGoesOnWhereItWaitedWhenAnEarlierOneEnds() {
        List<Sender> all = senders(4);
        all.forEach(sender -> sender.send(5));
        assertThat(all.get(1).whole())
                .isEqualTo(new BoundedBody.Received.Text("eight by".repeat(5)));
        all.get(1).body.close();
        assertThat(all.get(2).send(3).whole())
                .isEqualTo(new BoundedBody.Received.Text("eight by".repeat(5)));
        assertThat(all.get(3).asked).isZero();
    }

    @Test
    void whatIsTooLargeEndsAndPassesItsTurnOn() {
        List<Sender> all = senders(3);
        all.forEach(sender -> sender.send(20));
        assertThat(all.getFirst().body.getBody().toCompletableFuture().join())
                .isEqualTo(new BoundedBody.Received.TooLarge());
        assertThat(all.getFirst().cancelled).isTrue();
        all.getFirst().body.close();
        assertThat(all.get(2).asked).isOne();
    }

    @Test
    void whoeverGivesUpWaitingTakesNoTurn() {
        List<Sender> all = senders(4);
        all.forEach(sender -> sender.send(5));
        all.get(2).body.close();
        all.getFirst().body.close();
        assertThat(all).extracting(sender -> sender.asked).containsExactly(1L, 1L, 0L, 1L);
    }

    @Test
    void aBodyThatIsClosedAlreadyTakesNoTurn() {
        Sender closed = new Sender();
        closed.body.close();
        closed.send(5);
        List<Sender> others = senders(2);
        others.forEach(sender -> sender.send(5));
        assertThat(others).extracting(sender -> sender.asked).containsExactly(1L, 1L);
    }
}

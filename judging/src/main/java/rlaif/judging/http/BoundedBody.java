package rlaif.judging.http;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/// A reply's body as UTF-8 text, received up to a limit and dropped beyond it; a large one waits
/// for its turn among the large ones, and leaves the rest with the sender until then.
final class BoundedBody
        implements HttpResponse.BodySubscriber<BoundedBody.Received>, AutoCloseable {
    /// What was received.
    sealed interface Received {
        record Text(String text) implements Received {}

        /// More than the limit; the connection was closed.
        record TooLarge() implements Received {}
    }

    private final int maxBytes;
    private final int smallBytes;
    private final LargeReplies large;
    private final List<byte[]> chunks = new ArrayList<>(); // one growing array would be copied
    private int bytes;
    private final CompletableFuture<Received> received = new CompletableFuture<>();
    private volatile Flow.@Nullable Subscription subscription;
    private boolean isLarge;
    private boolean closed;

    /// @param smallBytes what is received without a turn
    BoundedBody(int maxBytes, int smallBytes, LargeReplies large) {
        this.maxBytes = maxBytes;
        this.smallBytes = smallBytes;
        this.large = large;
    }

    @Override
    public CompletionStage<Received> getBody() {
        return received;
    }

    @Override
    public void onSubscribe(Flow.Subscription opened) {
        subscription = opened;
        opened.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        if (received.isDone()) {
            return;
        }
        for (ByteBuffer buffer : buffers) {
            if (bytes + buffer.remaining() > maxBytes) {
                chunks.clear();
                received.complete(new Received.TooLarge());
                cancel();
                return;
            }
            byte[] chunk = new byte[buffer.remaining()];
            buffer.get(chunk);
            chunks.add(chunk);
            bytes += chunk.length;
        }
        if (bytes <= smallBytes || mayGoOn()) {
            receiveMore();
        }
    }

    /// Enters the turns of large replies, once; false: it waits for its turn.
    private synchronized boolean mayGoOn() {
        if (isLarge || closed) {
            return true;
        }
        isLarge = true;
        return large.enter(this);
    }

    /// Asks the sender for more.
    void receiveMore() {
        Flow.Subscription open = subscription;
        if (open != null) {
            open.request(1);
        }
    }

    private void cancel() {
        Flow.Subscription open = subscription;
        if (open != null) {
            open.cancel();
        }
    }

    @Override
    public void onError(Throwable failure) {
        received.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        ByteBuffer whole = ByteBuffer.allocate(bytes);
        chunks.forEach(whole::put);
        chunks.clear();
        received.complete(new Received.Text(new String(whole.array(), StandardCharsets.UTF_8)));
    }

    /// Passes its turn on, if it has one; whoever made it closes it when the call has ended.
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        large.leave(this);
    }
}

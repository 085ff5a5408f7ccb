package rlaif.judging.local;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Texts that wait for the model, handed out in batches; many threads add, one takes.
///
/// Whoever adds one waits for its reply, so that there are never more texts than callers.
final class WaitingTexts {
    /// One text and whom it is for.
    @SuppressWarnings("ArrayRecordComponent") // owned by the reader, never compared
    record Text(int[] tokens, CompletableFuture<LocalModel.Next> reply) {}

    private final LinkedBlockingQueue<Text> texts = new LinkedBlockingQueue<>();
    private final int maxBatch;
    private final int maxBatchTokens;
    private final Duration maxWait;
    private volatile boolean closed;
    private @Nullable Text left; // taken, and too long for the batch before; the taker's alone

    WaitingTexts(int maxBatch, int maxBatchTokens, Duration maxWait) {
        this.maxBatch = maxBatch;
        this.maxBatchTokens = maxBatchTokens;
        this.maxWait = maxWait;
    }

    void add(Text text) {
        texts.add(text);
        if (closed) {
            close(); // it may have been added after the others were told
        }
    }

    /// The next batch, one text at least: what comes within `maxWait` of its first and fits.
    List<Text> next() throws InterruptedException {
        Text first = left == null ? texts.take() : left;
        left = null;
        List<Text> batch = new ArrayList<>(List.of(first));
        try {
            fill(batch);
            return batch;
        } catch (InterruptedException e) {
            texts.addAll(batch); // to be told that nobody reads any more
            throw e;
        }
    }

    private void fill(List<Text> batch) throws InterruptedException {
        long end = System.nanoTime() + maxWait.toNanos();
        int longest = batch.getFirst().tokens().length;
        while (batch.size() < maxBatch) {
            Text more = texts.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (more == null) {
                break;
            }
            if (more.reply().isDone()) {
                continue; // nobody waits for it any more
            }
            longest = Math.max(longest, more.tokens().length);
            if ((long) longest * (batch.size() + 1) > maxBatchTokens) {
                left = more;
                break;
            }
            batch.add(more);
        }
    }

    /// Tells everybody who waits, and everybody who will, that nobody reads any more.
    void close() {
        closed = true;
        var unavailable = new LocalModel.Next.Unavailable("the local judge is closed");
        List<Text> rest = new ArrayList<>();
        texts.drainTo(rest);
        rest.forEach(text -> text.reply().complete(unavailable));
        Text held = left;
        if (held != null) {
            held.reply().complete(unavailable);
        }
    }
}

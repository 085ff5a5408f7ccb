package rlaif.judging.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rlaif.judging.Reply;
import rlaif.models.Head;
import rlaif.models.ModelFolderException;
import rlaif.models.ModelShape;
import rlaif.models.NextTokenReading;
import rlaif.models.TensorThread;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;

/// A language model that tells what token would follow a text, asked by many threads and computing
/// on one, in batches.
///
/// The tensor thread alone owns the model. What waits when it becomes free makes the next batch.
public final class LocalModel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalModel.class);

    /// How the model computes.
    ///
    /// @param threads native threads of an operation, at least 1
    /// @param maxBatch most texts in a batch, at least 1
    /// @param maxBatchTokens most tokens in a batch, padding included; a longer text is a batch of
    ///   its own
    /// @param maxTokens longest text that is read, at least 1; what one takes grows with it
    /// @param maxWait most time that a text waits for others to share its batch
    public record Settings(
            int threads, int maxBatch, int maxBatchTokens, int maxTokens, Duration maxWait) {
        public static final Settings DEFAULT =
                new Settings(1, 16, 8192, 8192, Duration.ofMillis(5));

        public Settings {
            requirePositive("threads", threads);
            requirePositive("maxBatch", maxBatch);
            requirePositive("maxBatchTokens", maxBatchTokens);
            requirePositive("maxTokens", maxTokens);
            if (maxWait.isNegative()) {
                throw new IllegalArgumentException("maxWait must be at least 0, got " + maxWait);
            }
        }

        private static void requirePositive(String name, int value) {
            if (value < 1) {
                throw new IllegalArgumentException(name + " must be at least 1, got " + value);
            }
        }
    }

    /// What the model says to one text.
    sealed interface Next {
        /// Logprob of every token of the vocabulary, by token id.
        @SuppressWarnings("ArrayRecordComponent") // owned by the reader, never compared
        record Logprobs(float[] ofToken) implements Next {}

        /// It said nothing this time.
        record Unavailable(String cause) implements Next {}
    }

    private final Path folder;
    private final Settings settings;
    private final Tokenizer tokenizer;
    private final WaitingTexts waiting;
    private final CompletableFuture<ModelShape> opened = new CompletableFuture<>();
    private final Thread thread;
    private volatile boolean closed;

    private LocalModel(Path folder, Settings settings, Tokenizer tokenizer) {
        this.folder = folder;
        this.settings = settings;
        this.tokenizer = tokenizer;
        this.waiting =
                new WaitingTexts(
                        settings.maxBatch(), settings.maxBatchTokens(), settings.maxWait());
        this.thread = Thread.ofPlatform().daemon().name("local-judge").unstarted(this::compute);
    }

    /// The model in a Hugging Face folder.
    ///
    /// @throws ModelFolderException if the folder holds no language model that can be used
    public static LocalModel open(Path folder, Settings settings) throws InterruptedException {
        Tokenizer tokenizer = Tokenizer.load(folder);
        LocalModel model = new LocalModel(folder, settings, tokenizer);
        model.thread.start();
        try {
            ModelShape shape = model.opened.get();
            if (tokenizer.vocabularySize() > shape.vocabularySize()) {
                throw new ModelFolderException(
                        tokenizer.file(),
                        "has %d tokens and the model %d"
                                .formatted(tokenizer.vocabularySize(), shape.vocabularySize()));
            }
            return model;
        } catch (ExecutionException e) {
            model.close();
            throw e.getCause() instanceof RuntimeException wrong
                    ? wrong
                    : new CompletionException(e.getCause());
        } catch (RuntimeException | InterruptedException e) {
            model.close();
            throw e;
        }
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    /// Longest text that is read, in tokens.
    public int maxTokens() {
        return Math.min(opened.join().maxPositions(), settings.maxTokens());
    }

    /// Most native memory that reading takes beside the weights, in bytes.
    public long mostBytes() {
        return NextTokenReading.mostBytes(opened.join(), maxTokens());
    }

    /// What is asked of a model, its tokenizer included.
    @FunctionalInterface
    interface Question {
        Reply ask() throws InterruptedException;
    }

    /// The reply to a question; where the model is closed under it, that it is to be asked again.
    Reply reply(Question question) throws InterruptedException {
        try {
            return question.ask();
        } catch (IllegalStateException e) {
            if (closed) {
                return new Reply.RetryLater("the local judge is closed", Duration.ZERO);
            }
            throw e;
        }
    }

    /// Blocks the calling (virtual) thread until the model has read the text.
    ///
    /// @param tokens two or more, at most {@link #maxTokens}
    Next next(int[] tokens) throws InterruptedException {
        var reply = new CompletableFuture<Next>();
        waiting.add(new WaitingTexts.Text(tokens, reply));
        try {
            return reply.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the local judge failed", e.getCause());
        } finally {
            reply.cancel(false); // of no effect once it has come
        }
    }

    /// Ends the tensor thread; whoever waits or asks later is told that the model is closed.
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        waiting.close();
        tokenizer.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void compute() {
        try {
            TensorThread.prepare(settings.threads());
            try (Transformer model = Transformer.load(folder)) {
                if (model.head() != Head.LANGUAGE_MODEL) {
                    throw new ModelFolderException(folder, "is no language model");
                }
                opened.complete(model.shape());
                var reading = new NextTokenReading(model);
                while (true) {
                    answer(reading, waiting.next());
                }
            }
        } catch (InterruptedException e) {
            // closed
        } catch (Throwable failure) {
            opened.completeExceptionally(failure);
            LOG.error("the local judge's tensor thread ends", failure);
        } finally {
            waiting.close();
        }
    }

    private void answer(NextTokenReading reading, List<WaitingTexts.Text> batch) {
        try {
            List<float[]> logprobs =
                    reading.logprobs(batch.stream().map(WaitingTexts.Text::tokens).toList());
            for (int row = 0; row < batch.size(); row++) {
                batch.get(row).reply().complete(new Next.Logprobs(logprobs.get(row)));
            }
        } catch (RuntimeException failure) { // the native library has no more memory, for one
            LOG.warn("a batch of {} texts failed", batch.size(), failure);
            for (WaitingTexts.Text text : batch) {
                text.reply().complete(new Next.Unavailable("the model failed: " + failure));
            }
        } finally {
            var ended = new IllegalStateException("the tensor thread ended");
            batch.forEach(text -> text.reply().completeExceptionally(ended)); // if unanswered
        }
    }
}

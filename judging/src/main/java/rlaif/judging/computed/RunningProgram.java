package rlaif.judging.computed;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A program under way, its output held to a bound; closing it kills it and all that it started.
///
/// Only what still descends from the program can be killed: a child that outlived its parent before
/// the deadline is not found.
final class RunningProgram implements AutoCloseable {
    /// How it ended.
    sealed interface End {
        record Exited(int code, String out, String err) implements End {}

        record OutOfTime() implements End {}

        record TooMuchOutput() implements End {}
    }

    private final Process process;
    private final CompletableFuture<String> out;
    private final CompletableFuture<String> err;

    private RunningProgram(
            Process process, CompletableFuture<String> out, CompletableFuture<String> err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    static RunningProgram start(List<String> command, byte[] input, int maxOutputBytes)
            throws IOException {
        Process process = new ProcessBuilder(command).start();
        Thread.ofVirtual().name("feedback-in").start(() -> write(process, input));
        return new RunningProgram(
                process,
                read("feedback-out", process.getInputStream(), maxOutputBytes),
                read("feedback-err", process.getErrorStream(), maxOutputBytes));
    }

    End await(Duration deadline) throws InterruptedException {
        long end = System.nanoTime() + deadline.toNanos();
        try {
            String written = out.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            String complaint = err.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            return process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS)
                    ? new End.Exited(process.exitValue(), written, complaint)
                    : new End.OutOfTime();
        } catch (TimeoutException e) {
            return new End.OutOfTime();
        } catch (ExecutionException e) {
            return new End.TooMuchOutput();
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static void write(Process process, byte[] input) {
        try (OutputStream in = process.getOutputStream()) {
            in.write(input);
        } catch (IOException _) {
            // It need not read its input; what it writes tells.
        }
    }

    private static CompletableFuture<String> read(String name, InputStream from, int maxBytes) {
        var text = new CompletableFuture<String>();
        Thread.ofVirtual()
                .name(name)
                .start(() -> {
                    try (from) {
                        byte[] bytes = from.readNBytes(maxBytes + 1);
                        if (bytes.length > maxBytes) {
                            text.completeExceptionally(new IOException("too much output"));
                        } else {
                            text.complete(new String(bytes, StandardCharsets.UTF_8));
                        }
                    } catch (IOException e) {
                        text.completeExceptionally(e);
                    }
                });
        return text;
    }
}

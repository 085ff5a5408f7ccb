package rlaif.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// The files of a folder on their way to disk: each is forced there and hashed at the same time,
/// beside the others and beside those that are still being written.
///
/// Owned by one thread. A file is not changed after `begin` has seen it.
final class Sealing implements AutoCloseable {

    /// A file that is on disk.
    record Sealed(long bytes, String sha256) {}

    private record Begun(Future<?> forced, Future<Sealed> hashed) {}

    private final Path folder;
    private final ExecutorService disk =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofPlatform().name("checkpoint-disk-", 0).factory());
    private final ExecutorService hashes =
            Executors.newFixedThreadPool(
                    Runtime.getRuntime().availableProcessors(),
                    Thread.ofPlatform().name("checkpoint-hash-", 0).factory());
    private final Map<String, Begun> files = new TreeMap<>();

    Sealing(Path folder) {
        this.folder = folder;
    }

    /// Begins with the files that are there and have not begun; they are whole.
    void begin() throws IOException {
        for (String name : Manifest.names(folder)) {
            if (!files.containsKey(name)) {
                files.put(name, begun(folder.resolve(name)));
            }
        }
    }

    /// Every file of the folder, by name, once all of them are on disk.
    Map<String, Sealed> all() throws IOException {
        begin();
        Map<String, Sealed> all = new TreeMap<>();
        for (Map.Entry<String, Begun> file : files.entrySet()) {
            await(file.getValue().forced());
            all.put(file.getKey(), await(file.getValue().hashed()));
        }
        return all;
    }

    private Begun begun(Path file) {
        return new Begun(
                disk.submit(() -> {
                    Manifest.force(file);
                    return file;
                }),
                hashes.submit(() -> new Sealed(Files.size(file), Digests.of(file))));
    }

    private static <T> T await(Future<T> task) throws IOException {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a checkpoint was written", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException failure -> throw failure;
                case RuntimeException failure -> throw failure;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        }
    }

    /// Waits until nothing works on the folder any more.
    @Override
    public void close() {
        disk.close();
        hashes.close();
    }
}

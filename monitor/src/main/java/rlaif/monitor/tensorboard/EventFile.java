package rlaif.monitor.tensorboard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.stream.Stream;

/// The event file of one run: each step once, in ascending order, also when it is opened again.
final class EventFile implements AutoCloseable {
    private static final String PREFIX = "events.out.tfevents.";
    private static final String SUFFIX = ".rlaif";

    private final Path file;
    private final FileChannel channel;
    private long lastStep = -1;
    private double lastWallTimeSeconds;

    private EventFile(Path file) throws IOException {
        this.file = file;
        this.channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /// Goes on with the file that is there, or begins one; what a kill has left half written is cut
    /// off.
    static EventFile in(Path folder) {
        try {
            Files.createDirectories(folder);
            EventFile events = new EventFile(existing(folder));
            events.goOn();
            return events;
        } catch (IOException e) {
            throw new UncheckedIOException("no event file can be written in " + folder, e);
        }
    }

    private static Path existing(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(PREFIX))
                    .filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                    .findFirst()
                    .orElseGet(() ->
                            folder.resolve(
                                    PREFIX
                                            + "%010d".formatted(Instant.now().getEpochSecond())
                                            + SUFFIX));
        }
    }

    private void goOn() throws IOException {
        long whole =
                TfRecord.read(
                        file,
                        bytes -> {
                            ScalarEvent stamp = ScalarEvent.stamp(bytes);
                            lastStep = Math.max(lastStep, stamp.step());
                            lastWallTimeSeconds = stamp.wallTimeSeconds();
                        });
        channel.truncate(whole);
        channel.position(whole);
        if (whole == 0) {
            lastStep = -1;
            write(ScalarEvent.fileVersion(Instant.now().toEpochMilli() / 1e3));
        }
    }

    /// Writes an event unless its step is there already.
    ///
    /// @return whether it was new
    boolean add(ScalarEvent event) {
        if (event.step() <= lastStep) {
            return false;
        }
        try {
            write(event.encode());
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written", e);
        }
        lastStep = event.step();
        lastWallTimeSeconds = event.wallTimeSeconds();
        return true;
    }

    /// When the newest event in it was measured, in seconds since 1970.
    double lastWallTimeSeconds() {
        return lastWallTimeSeconds;
    }

    Path file() {
        return file;
    }

    private void write(byte[] event) throws IOException {
        ByteBuffer framed = ByteBuffer.wrap(TfRecord.framed(event));
        while (framed.hasRemaining()) {
            channel.write(framed);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be closed", e);
        }
    }
}

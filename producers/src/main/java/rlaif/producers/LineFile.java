package rlaif.producers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// A file read line by line, in memory that depends on neither its size nor its longest line.
final class LineFile implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path file;
    private final int longestLineBytes;
    private final boolean followed;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).flip();
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
    private boolean tooLong;
    private long lines;

    /// @param followed whether a last line without a line break is still being written
    LineFile(Path file, int longestLineBytes, boolean followed) throws IOException {
        this.file = file;
        this.longestLineBytes = longestLineBytes;
        this.followed = followed;
        this.channel = FileChannel.open(file, StandardOpenOption.READ);
    }

    /// One line without its line break.
    ///
    /// @param number from 1
    /// @param tooLong whether the rest of it was passed over
    @SuppressWarnings("ArrayRecordComponent") // handed on and never compared
    record Line(long number, byte[] bytes, boolean tooLong) {}

    /// The next line; empty: the end, as far as the file is written.
    Optional<Line> next() throws IOException {
        while (buffer.hasRemaining() || fill()) {
            byte one = buffer.get();
            if (one == '\n') {
                return Optional.of(take());
            }
            if (begun.size() == longestLineBytes) {
                tooLong = true;
            } else {
                begun.write(one);
            }
        }
        return followed || begun.size() == 0 ? Optional.empty() : Optional.of(take());
    }

    private boolean fill() throws IOException {
        if (channel.size() < channel.position()) {
            throw new IOException(
                    "%s was cut to %d bytes after %d had been read: append to a followed file, or give a new one another name"
                            .formatted(file, channel.size(), channel.position()));
        }
        buffer.clear();
        int read = channel.read(buffer);
        buffer.flip();
        return read > 0;
    }

    private Line take() {
        Line line = new Line(++lines, begun.toByteArray(), tooLong);
        begun.reset();
        tooLong = false;
        return line;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

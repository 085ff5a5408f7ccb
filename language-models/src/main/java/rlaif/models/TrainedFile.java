package rlaif.models;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// What a model trains as a file of little-endian floats, in the order in which they lie in memory;
/// written and read a piece at a time.
final class TrainedFile {

    private TrainedFile() {}

    static void write(Path file, NDArray trained) {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            FloatRuns.of(trained, 0).writeTo(channel, trained.size());
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written", e);
        }
    }

    /// @throws ModelFolderException if the file holds more or fewer
    static void read(Path file, NDArray trained) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() != trained.size() * Float.BYTES) {
                throw new ModelFolderException(
                        file,
                        "holds %d bytes, what the model trains takes %d"
                                .formatted(channel.size(), trained.size() * Float.BYTES));
            }
            ByteBuffer bytes = buffer();
            FloatRuns.copy(
                    (from, into, count) -> fill(channel, bytes, from, into, count),
                    trained,
                    0,
                    trained.size());
        } catch (IOException | UncheckedIOException e) {
            throw new ModelFolderException(file, "cannot be read", e);
        }
    }

    private static void fill(
            FileChannel channel, ByteBuffer bytes, long from, float[] into, int count) {
        bytes.clear().limit(Float.BYTES * count);
        try {
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, from * Float.BYTES + bytes.position()) < 0) {
                    throw new IOException("the file ended");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        bytes.flip().asFloatBuffer().get(into, 0, count);
    }

    private static ByteBuffer buffer() {
        return ByteBuffer.allocate(Float.BYTES * FloatRuns.PIECE).order(ByteOrder.LITTLE_ENDIAN);
    }
}

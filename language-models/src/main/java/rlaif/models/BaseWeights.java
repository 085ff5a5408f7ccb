package rlaif.models;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/// The frozen weights that an adapter is trained beside, as a digest tells them from others: of the
/// trunk, since a head may be the adapter's own.
final class BaseWeights {
    private final NDArray parameters; // (n)
    private final long trunkSize;
    private @Nullable String digest;

    /// @param parameters trunk first; they stay as they are
    BaseWeights(NDArray parameters, long trunkSize) {
        this.parameters = parameters;
        this.trunkSize = trunkSize;
    }

    /// SHA-256 of the trunk's numbers as float32, little-endian, in the order of the layout; the
    /// same however the folder keeps them, as long as the numbers are the same.
    synchronized String digest() {
        if (digest == null) {
            try (DigestChannel channel = new DigestChannel()) {
                FloatRuns.of(parameters, 0).writeTo(channel, trunkSize);
                digest = channel.digest.finish();
            } catch (IOException bug) {
                throw new UncheckedIOException("a digest takes every byte", bug);
            }
        }
        return digest;
    }

    /// What is written to it is digested.
    private static final class DigestChannel implements WritableByteChannel {
        private final Digests.Running digest = new Digests.Running();

        @Override
        public int write(ByteBuffer bytes) {
            int count = bytes.remaining();
            digest.update(bytes);
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}

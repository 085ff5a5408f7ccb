package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;

/// Runs of floats on their way between files and one flat native array, a piece at a time: no whole
/// model ever stands in Java memory.
final class FloatRuns {

    /// Floats that are moved at once.
    static final int PIECE = 1 << 16;

    /// A run that can be read from any place.
    @FunctionalInterface
    interface Source {

        /// Puts `count` floats from number `from` on at the start of `into`.
        void read(long from, float[] into, int count);

        /// Writes the first `count` floats, little-endian.
        default void writeTo(WritableByteChannel channel, long count) throws IOException {
            float[] piece = new float[Math.toIntExact(Math.min(PIECE, count))];
            ByteBuffer bytes =
                    ByteBuffer.allocate(Float.BYTES * piece.length).order(ByteOrder.LITTLE_ENDIAN);
            for (long at = 0; at < count; at += piece.length) {
                int now = Math.toIntExact(Math.min(piece.length, count - at));
                read(at, piece, now);
                bytes.clear().limit(Float.BYTES * now);
                bytes.asFloatBuffer().put(piece, 0, now);
                put(bytes, channel);
            }
        }
    }

    /// The run of a flat native array that begins at `offset`.
    private record Native(NDArray flat, long offset) implements Source {

        @Override
        public void read(long from, float[] into, int count) {
            try (NDManager copies = flat.getManager().newSubManager()) { // from another device
                System.arraycopy(piece(copies, from, count).toFloatArray(), 0, into, 0, count);
            }
        }

        /// On the processor the bytes are those that lie in memory, and go straight from there.
        @Override
        public void writeTo(WritableByteChannel channel, long count) throws IOException {
            if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN || flat.getDevice().isGpu()) {
                Source.super.writeTo(channel, count);
                return;
            }
            for (long at = 0; at < count; at += PIECE) {
                try (NDManager views = flat.getManager().newSubManager()) {
                    put(piece(views, at, Math.min(PIECE, count - at)).toByteBuffer(true), channel);
                }
            }
        }

        private NDArray piece(NDManager manager, long from, long count) {
            long begin = offset + from;
            PtNDArray run = JniUtils.slice((PtNDArray) flat, 0, begin, begin + count, 1);
            run.attach(manager);
            return run;
        }
    }

    private FloatRuns() {}

    static Source of(float[] values) {
        return (from, into, count) ->
                System.arraycopy(values, Math.toIntExact(from), into, 0, count);
    }

    /// The run of a flat native array that begins at `offset`.
    static Source of(NDArray flat, long offset) {
        return new Native(flat, offset);
    }

    private static void put(ByteBuffer bytes, WritableByteChannel channel) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /// Overwrites `count` floats of a flat native array from `offset` on.
    static void copy(Source source, NDArray flat, long offset, long count) {
        int most = Math.toIntExact(Math.min(count, PIECE));
        float[] piece = new float[most];
        try (Arena arena = Arena.ofConfined(); // not left to the garbage collector
                GradientMode _ = GradientMode.off()) {
            ByteBuffer buffer =
                    arena.allocate((long) Float.BYTES * most, Float.BYTES)
                            .asByteBuffer()
                            .order(ByteOrder.nativeOrder());
            for (long at = 0; at < count; at += most) {
                int now = Math.toIntExact(Math.min(most, count - at));
                source.read(at, piece, now);
                buffer.clear().limit(Float.BYTES * now);
                buffer.asFloatBuffer().put(piece, 0, now);
                try (NDArray borrowed =
                        flat.getManager().create(buffer, new Shape(now), DataType.FLOAT32)) {
                    JniUtils.indexSet(
                            (PtNDArray) flat,
                            (PtNDArray) borrowed,
                            new long[] {offset + at},
                            new long[] {offset + at + now},
                            new long[] {1});
                }
            }
        }
    }
}

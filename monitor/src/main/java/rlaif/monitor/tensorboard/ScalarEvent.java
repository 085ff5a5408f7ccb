package rlaif.monitor.tensorboard;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/// The measurements of one step: a TensorFlow `Event` with a `Summary` of simple values.
///
/// @param wallTimeSeconds since 1970, UTC
/// @param scalars value by tag; written as 32-bit floats
record ScalarEvent(double wallTimeSeconds, long step, Map<String, Double> scalars) {
    private static final int WALL_TIME = 1;
    private static final int STEP = 2;
    private static final int FILE_VERSION = 3;
    private static final int SUMMARY = 5;
    private static final int VALUE = 1;
    private static final int TAG = 1;
    private static final int SIMPLE_VALUE = 2;

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    ScalarEvent {
        scalars = new TreeMap<>(scalars);
    }

    /// What stands first in every file.
    static byte[] fileVersion(double wallTimeSeconds) {
        Message event = new Message();
        event.fixed64(WALL_TIME, wallTimeSeconds);
        event.bytes(FILE_VERSION, "brain.Event:2".getBytes(StandardCharsets.UTF_8));
        return event.toBytes();
    }

    /// In protocol buffers' wire format, tags in ascending order.
    byte[] encode() {
        Message summary = new Message();
        scalars.forEach((tag, scalar) -> {
            Message value = new Message();
            value.bytes(TAG, tag.getBytes(StandardCharsets.UTF_8));
            value.fixed32(SIMPLE_VALUE, scalar.floatValue());
            summary.bytes(VALUE, value.toBytes());
        });
        Message event = new Message();
        event.fixed64(WALL_TIME, wallTimeSeconds);
        event.varint(STEP, step);
        event.bytes(SUMMARY, summary.toBytes());
        return event.toBytes();
    }

    /// When and at which step an encoded event was written; its scalars are left out.
    static ScalarEvent stamp(byte[] encoded) {
        ByteBuffer in = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
        double wallTimeSeconds = 0;
        long step = 0;
        while (in.hasRemaining()) {
            long key = readVarint(in);
            switch ((int) (key & 7)) {
                case VARINT -> {
                    long value = readVarint(in);
                    step = (key >>> 3) == STEP ? value : step;
                }
                case FIXED64 -> {
                    double value = in.getDouble();
                    wallTimeSeconds = (key >>> 3) == WALL_TIME ? value : wallTimeSeconds;
                }
                case BYTES -> {
                    int length = Math.toIntExact(readVarint(in));
                    in.position(in.position() + length);
                }
                case FIXED32 -> in.position(in.position() + Integer.BYTES);
                default ->
                        throw new IllegalArgumentException(
                                "key " + key + " is of no wire type that events have");
            }
        }
        return new ScalarEvent(wallTimeSeconds, step, Map.of());
    }

    private static long readVarint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    /// A message in the making.
    private static final class Message {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        void varint(int field, long value) {
            key(field, VARINT);
            raw(value);
        }

        void fixed64(int field, double value) {
            key(field, FIXED64);
            out.writeBytes(little(Double.BYTES).putDouble(value).array());
        }

        void fixed32(int field, float value) {
            key(field, FIXED32);
            out.writeBytes(little(Float.BYTES).putFloat(value).array());
        }

        void bytes(int field, byte[] value) {
            key(field, BYTES);
            raw(value.length);
            out.writeBytes(value);
        }

        byte[] toBytes() {
            return out.toByteArray();
        }

        private static ByteBuffer little(int size) {
            return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        }

        private void key(int field, int wireType) {
            raw(((long) field << 3) | wireType);
        }

        private void raw(long value) {
            long left = value;
            while ((left & ~0x7FL) != 0) {
                out.write((int) ((left & 0x7F) | 0x80));
                left >>>= 7;
            }
            out.write((int) left);
        }
    }
}

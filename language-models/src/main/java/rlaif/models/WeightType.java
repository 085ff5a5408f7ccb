package rlaif.models;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/// How one weight lies in a file; in memory every weight is a float32.
public enum WeightType {
    /// 32 bits, exact.
    FLOAT32("F32", "float32", 4),
    /// 16 bits, 11 of them significant, up to 65,504.
    FLOAT16("F16", "float16", 2),
    /// The upper 16 bits of a float32, 8 of them significant.
    BFLOAT16("BF16", "bfloat16", 2);

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort HALF =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String safetensorsName;
    private final String torchName;
    private final int bytes;

    WeightType(String safetensorsName, String torchName, int bytes) {
        this.safetensorsName = safetensorsName;
        this.torchName = torchName;
        this.bytes = bytes;
    }

    /// `dtype` in a safetensors header.
    String safetensorsName() {
        return safetensorsName;
    }

    /// `torch_dtype` in a `config.json`.
    String torchName() {
        return torchName;
    }

    /// Bytes of one weight.
    int bytes() {
        return bytes;
    }

    static Optional<WeightType> ofSafetensors(String name) {
        return Arrays.stream(values()).filter(t -> t.safetensorsName.equals(name)).findFirst();
    }

    /// Reads `count` weights from number `from` on.
    void decode(MemorySegment tensor, long from, float[] into, int count) {
        switch (this) {
            case FLOAT32 -> MemorySegment.copy(tensor, FLOAT, from * bytes, into, 0, count);
            case FLOAT16 -> {
                for (int i = 0; i < count; i++) {
                    into[i] = Float.float16ToFloat(tensor.getAtIndex(HALF, from + i));
                }
            }
            case BFLOAT16 -> {
                for (int i = 0; i < count; i++) {
                    into[i] = Float.intBitsToFloat(tensor.getAtIndex(HALF, from + i) << 16);
                }
            }
        }
    }

    /// Writes the first `count` weights, each as {@link #encode(float, ByteBuffer)} does.
    void encode(float[] values, int count, ByteBuffer into) {
        if (this == FLOAT32) {
            into.asFloatBuffer().put(values, 0, count);
            into.position(into.position() + count * bytes);
            return;
        }
        for (int i = 0; i < count; i++) {
            encode(values[i], into);
        }
    }

    /// Writes a weight, rounded to the nearest that this type holds, to even between two.
    ///
    /// @throws ArithmeticException if it is finite and would become infinite
    void encode(float value, ByteBuffer into) {
        switch (this) {
            case FLOAT32 -> into.putFloat(value);
            case FLOAT16 -> {
                short half = Float.floatToFloat16(value);
                requireKept(value, Float.float16ToFloat(half));
                into.putShort(half);
            }
            case BFLOAT16 -> {
                int bits = Float.floatToRawIntBits(value);
                int rounded =
                        Float.isNaN(value)
                                ? bits | 0x0040_0000 // stays a NaN when its lower half is cut
                                : bits + 0x7FFF + ((bits >>> 16) & 1);
                requireKept(value, Float.intBitsToFloat(rounded & 0xFFFF_0000));
                into.putShort((short) (rounded >>> 16));
            }
        }
    }

    private void requireKept(float value, float rounded) {
        if (Float.isInfinite(rounded) && Float.isFinite(value)) {
            throw new ArithmeticException(value + " is too large for " + torchName);
        }
    }
}

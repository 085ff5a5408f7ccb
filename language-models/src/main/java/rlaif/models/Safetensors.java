package rlaif.models;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// A safetensors file: named tensors behind a JSON header. Reads float32, float16 and bfloat16,
/// writes float32.
///
/// Layout: 8 bytes little-endian header length, the header `{"name": {"dtype", "shape",
/// "data_offsets"}}`, the bytes.
final class Safetensors implements AutoCloseable {

    /// A float32 tensor in Java memory.
    @SuppressWarnings("ArrayRecordComponent") // owned by the reader, never compared
    record Tensor(long[] shape, float[] values) {}

    @SuppressWarnings("ArrayRecordComponent") // owned by the reader, never compared
    private record Entry(String type, long[] shape, long begin, long end) {}

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String METADATA = "__metadata__";
    private static final long LONGEST_HEADER_BYTES =
            100_000_000; // as the format's reference reader
    private static final int LENGTH_BYTES = 8;
    private static final ValueLayout.OfFloat FLOAT32 =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort HALF =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final Arena arena = Arena.ofConfined();
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final MemorySegment bytes; // behind the header

    private Safetensors(Path file) {
        this.file = file;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment whole =
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            JsonNode header = header(whole);
            long start = LENGTH_BYTES + headerLength(whole);
            bytes = whole.asSlice(start);
            readEntries(header);
        } catch (IOException e) {
            arena.close();
            throw new ModelFolderException(file, "cannot be read", e);
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /// Opens a file and checks that its header describes exactly its bytes.
    static Safetensors open(Path file) {
        return new Safetensors(file);
    }

    Set<String> names() {
        return entries.keySet();
    }

    Map<String, String> metadata() {
        return metadata;
    }

    long[] shape(String name) {
        return entry(name).shape().clone();
    }

    /// The values of one tensor as float32.
    float[] floats(String name) {
        Entry entry = entry(name);
        float[] values = new float[Math.toIntExact(elements(name, entry.shape()))];
        MemorySegment tensor = bytes.asSlice(entry.begin(), entry.end() - entry.begin());
        switch (entry.type()) {
            case "F32" -> MemorySegment.copy(tensor, FLOAT32, 0, values, 0, values.length);
            case "F16" -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = Float.float16ToFloat(tensor.getAtIndex(HALF, i));
                }
            }
            case "BF16" -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = Float.intBitsToFloat(tensor.getAtIndex(HALF, i) << 16);
                }
            }
            default -> throw new AssertionError(entry.type()); // checked when opened
        }
        return values;
    }

    @Override
    public void close() {
        arena.close();
    }

    /// Writes tensors in the map's order.
    static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
        ObjectNode header = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode node = header.putObject(METADATA);
            metadata.forEach(node::put);
        }
        long offset = 0;
        for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
            ObjectNode node = header.putObject(tensor.getKey());
            node.put("dtype", "F32");
            node.set("shape", JSON.valueToTree(tensor.getValue().shape()));
            long end = offset + 4L * tensor.getValue().values().length;
            node.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            writeFully(channel, headerBytes(header));
            for (Tensor tensor : tensors.values()) {
                writeFully(channel, littleEndian(tensor.values()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written", e);
        }
    }

    private static ByteBuffer headerBytes(ObjectNode header) throws JsonProcessingException {
        byte[] json = JSON.writeValueAsBytes(header);
        int padded =
                (json.length + LENGTH_BYTES - 1)
                        / LENGTH_BYTES
                        * LENGTH_BYTES; // tensors start aligned
        ByteBuffer buffer =
                ByteBuffer.allocate(LENGTH_BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(padded).put(json);
        while (buffer.hasRemaining()) {
            buffer.put((byte) ' ');
        }
        return buffer.flip();
    }

    private static ByteBuffer littleEndian(float[] values) {
        ByteBuffer buffer =
                ByteBuffer.allocate(Math.multiplyExact(4, values.length))
                        .order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(values);
        return buffer;
    }

    private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private long headerLength(MemorySegment whole) {
        if (whole.byteSize() < LENGTH_BYTES) {
            throw new ModelFolderException(
                    file, "has " + whole.byteSize() + " bytes; a safetensors file has a header");
        }
        long length =
                whole.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
        if (length < 2
                || length > LONGEST_HEADER_BYTES
                || length > whole.byteSize() - LENGTH_BYTES) {
            throw new ModelFolderException(
                    file, "header length " + length + " does not fit the file; is it truncated?");
        }
        return length;
    }

    private JsonNode header(MemorySegment whole) {
        byte[] json =
                whole.asSlice(LENGTH_BYTES, headerLength(whole)).toArray(ValueLayout.JAVA_BYTE);
        try {
            return JSON.readTree(new String(json, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new ModelFolderException(file, "the header is no JSON", e);
        }
    }

    private void readEntries(JsonNode header) {
        if (!header.isObject()) {
            throw new ModelFolderException(file, "the header is no JSON object");
        }
        long expected = 0;
        for (Map.Entry<String, JsonNode> property : header.properties()) {
            if (property.getKey().equals(METADATA)) {
                property.getValue()
                        .properties()
                        .forEach(p -> metadata.put(p.getKey(), p.getValue().asText()));
            } else {
                Entry entry = readEntry(property.getKey(), property.getValue());
                expected = Math.max(expected, entry.end());
                entries.put(property.getKey(), entry);
            }
        }
        if (expected != bytes.byteSize()) {
            throw new ModelFolderException(
                    file,
                    "tensors need "
                            + expected
                            + " bytes, the file holds "
                            + bytes.byteSize()
                            + "; is it truncated?");
        }
    }

    private Entry readEntry(String name, JsonNode node) {
        String type = node.path("dtype").asText();
        int bytesPerValue =
                switch (type) {
                    case "F32" -> 4;
                    case "F16", "BF16" -> 2;
                    default ->
                            throw new ModelFolderException(
                                    file,
                                    "tensor "
                                            + name
                                            + " has dtype '"
                                            + type
                                            + "'; F32, F16 and BF16 are read");
                };
        JsonNode dimensions = node.path("shape");
        long[] shape = new long[dimensions.size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = dimensions.get(i).asLong(-1);
        }
        long begin = node.path("data_offsets").path(0).asLong(-1);
        long end = node.path("data_offsets").path(1).asLong(-1);
        if (begin < 0
                || end < begin
                || end > bytes.byteSize()
                || end - begin != bytesPerValue * elements(name, shape)) {
            throw new ModelFolderException(
                    file,
                    "tensor "
                            + name
                            + " lies at "
                            + begin
                            + ".."
                            + end
                            + ", which does not fit shape and file; is it truncated?");
        }
        return new Entry(type, shape, begin, end);
    }

    private long elements(String name, long[] shape) {
        long elements = 1;
        for (long dimension : shape) {
            if (dimension < 0
                    || dimension > Integer.MAX_VALUE
                    || elements * dimension > Integer.MAX_VALUE) {
                throw new ModelFolderException(
                        file, "tensor " + name + " has a shape that is negative or too large");
            }
            elements *= dimension;
        }
        return elements;
    }

    private Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new ModelFolderException(file, "tensor " + name + " is missing");
        }
        return entry;
    }
}

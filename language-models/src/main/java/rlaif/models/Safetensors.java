package rlaif.models;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// A safetensors file that is read: named tensors behind a JSON header, mapped and never whole in
/// memory.
///
/// Layout: 8 bytes little-endian header length, the header `{"name": {"dtype", "shape",
/// "data_offsets"}}`, the bytes.
final class Safetensors implements AutoCloseable {

    @SuppressWarnings("ArrayRecordComponent") // owned by the reader, never compared
    private record Entry(WeightType type, long[] shape, long begin, long end) {}

    static final String METADATA = "__metadata__";
    static final int LENGTH_BYTES = 8;

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    private static final long LONGEST_HEADER_BYTES =
            100_000_000; // as the format's reference reader

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
        float[] values = new float[Math.toIntExact(size(name))];
        read(name).read(0, values, values.length);
        return values;
    }

    /// The same a piece at a time, until `close`.
    FloatRuns.Source read(String name) {
        Entry entry = entry(name);
        MemorySegment tensor = bytes.asSlice(entry.begin(), entry.end() - entry.begin());
        return (from, into, count) -> entry.type().decode(tensor, from, into, count);
    }

    /// Values of one tensor.
    long size(String name) {
        Entry entry = entry(name);
        return (entry.end() - entry.begin()) / entry.type().bytes();
    }

    @Override
    public void close() {
        arena.close();
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
        for (Map.Entry<String, JsonNode> property : header.properties()) {
            if (property.getKey().equals(METADATA)) {
                property.getValue()
                        .properties()
                        .forEach(p -> metadata.put(p.getKey(), p.getValue().asText()));
            } else {
                entries.put(property.getKey(), readEntry(property.getKey(), property.getValue()));
            }
        }
        requireNoGaps();
    }

    /// Every byte belongs to one tensor.
    private void requireNoGaps() {
        long expected = 0;
        for (Entry entry :
                entries.values().stream()
                        .sorted(
                                Comparator.comparingLong(Entry::begin)
                                        .thenComparingLong(Entry::end))
                        .toList()) {
            if (entry.begin() != expected) {
                throw new ModelFolderException(
                        file, "two tensors overlap or leave a gap at byte " + expected);
            }
            expected = entry.end();
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
        String typeName = node.path("dtype").asText();
        WeightType type =
                WeightType.ofSafetensors(typeName)
                        .orElseThrow(() ->
                                new ModelFolderException(
                                        file,
                                        "tensor "
                                                + name
                                                + " has dtype '"
                                                + typeName
                                                + "'; F32, F16 and BF16 are read"));
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
                || end - begin != type.bytes() * elements(name, shape)) {
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

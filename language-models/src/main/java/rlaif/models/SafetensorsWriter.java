package rlaif.models;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Writes a safetensors file: the header, then the tensors piece by piece.
final class SafetensorsWriter {

    /// A tensor to be written.
    @SuppressWarnings("ArrayRecordComponent") // owned by the writer, never compared
    record Tensor(String name, long[] shape, FloatRuns.Source values) {

        static Tensor of(String name, long[] shape, float... values) {
            return new Tensor(name, shape, FloatRuns.of(values));
        }

        /// Whether it is the bias of a scalar head that has none in effect: reading gives 0 where a
        /// file has no bias.
        boolean isScoreBiasOfZero() {
            float[] bias = new float[1];
            if (name.endsWith(ParameterLayout.SCORE_BIAS)) {
                values.read(0, bias, 1);
                return bias[0] == 0;
            }
            return false;
        }

        long size() {
            long size = 1;
            for (long dimension : shape) {
                size = Math.multiplyExact(size, dimension);
            }
            return size;
        }
    }

    private final FileChannel channel;
    private final WeightType type;
    private final float[] piece = new float[FloatRuns.PIECE];
    private final ByteBuffer bytes;

    private SafetensorsWriter(FileChannel channel, WeightType type) {
        this.channel = channel;
        this.type = type;
        this.bytes =
                ByteBuffer.allocate(type.bytes() * FloatRuns.PIECE).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// Writes tensors in the list's order to a file that is not there yet.
    static void write(
            Path file, List<Tensor> tensors, WeightType type, Map<String, String> metadata) {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            SafetensorsWriter writer = new SafetensorsWriter(channel, type);
            writer.put(header(tensors, type, metadata));
            for (Tensor tensor : tensors) {
                writer.write(tensor);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written", e);
        }
    }

    private static ByteBuffer header(
            List<Tensor> tensors, WeightType type, Map<String, String> metadata)
            throws JsonProcessingException {
        ObjectNode header = JsonFile.JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode node = header.putObject(Safetensors.METADATA);
            new TreeMap<>(metadata).forEach(node::put); // the same bytes in every process
        }
        long offset = 0;
        for (Tensor tensor : tensors) {
            ObjectNode node = header.putObject(tensor.name());
            node.put("dtype", type.safetensorsName());
            node.set("shape", JsonFile.JSON.valueToTree(tensor.shape()));
            long end = offset + type.bytes() * tensor.size();
            node.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] json = JsonFile.JSON.writeValueAsBytes(header);
        int length = Safetensors.LENGTH_BYTES;
        int padded = (json.length + length - 1) / length * length; // tensors start aligned
        ByteBuffer buffer = ByteBuffer.allocate(length + padded).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(padded).put(json);
        while (buffer.hasRemaining()) {
            buffer.put((byte) ' ');
        }
        return buffer.flip();
    }

    private void write(Tensor tensor) throws IOException {
        long size = tensor.size();
        if (type == WeightType.FLOAT32) {
            tensor.values().writeTo(channel, size);
            return;
        }
        for (long at = 0; at < size; at += piece.length) {
            int count = Math.toIntExact(Math.min(piece.length, size - at));
            tensor.values().read(at, piece, count);
            bytes.clear();
            try {
                type.encode(piece, count, bytes);
            } catch (ArithmeticException e) {
                throw new ArithmeticException("tensor " + tensor.name() + ": " + e.getMessage());
            }
            put(bytes.flip());
        }
    }

    private void put(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}

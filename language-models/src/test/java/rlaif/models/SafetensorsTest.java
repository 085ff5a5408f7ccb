package rlaif.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {

    @TempDir Path folder;

    @Test
    void whatWasWrittenIsRead() {
        Path file = folder.resolve("a.safetensors");
        SafetensorsWriter.write(
                file,
                List.of(
                        SafetensorsWriter.Tensor.of(
                                "b", new long[] {2, 2}, 1, -2.5f, Float.MIN_VALUE, 4),
                        SafetensorsWriter.Tensor.of("a", new long[] {1}, 7)),
                WeightType.FLOAT32,
                Map.of("updates", "12"));
        try (Safetensors read = Safetensors.open(file)) {
            assertThat(read.names()).containsExactly("b", "a");
            assertThat(read.metadata()).containsExactly(Map.entry("updates", "12"));
            assertThat(read.shape("b")).containsExactly(2, 2);
            assertThat(read.floats("b")).containsExactly(1, -2.5f, Float.MIN_VALUE, 4);
            assertThat(read.floats("a")).containsExactly(7);
        }
    }

    /// Maps of the JDK come in another order in another process, and digests are of bytes.
    @Test
    void theOrderOfWhatIsSaidBesideTheTensorsIsNoPartOfTheBytes() throws IOException {
        Map<String, String> one = new LinkedHashMap<>();
        one.put("format", "pt");
        one.put("base", "12");
        Map<String, String> other = new LinkedHashMap<>();
        other.put("base", "12");
        other.put("format", "pt");
        List<byte[]> written = new ArrayList<>();
        for (Map<String, String> metadata : List.of(one, other)) {
            Path file = folder.resolve("order-" + written.size());
            SafetensorsWriter.write(
                    file,
                    List.of(SafetensorsWriter.Tensor.of("a", new long[] {1}, 7)),
                    WeightType.FLOAT32,
                    metadata);
            written.add(Files.readAllBytes(file));
        }
        assertThat(written.getFirst()).isEqualTo(written.getLast());
    }

    @Test
    void halfPrecisionIsWidenedExactly() throws IOException {
        Path file =
                file(
                        "{\"h\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]},"
                                + "\"b\":{\"dtype\":\"BF16\",\"shape\":[3],\"data_offsets\":[4,10]}}",
                        0x3C00,
                        0xC100,
                        0x3F80,
                        0xC049,
                        0x7F80);
        try (Safetensors read = Safetensors.open(file)) {
            assertThat(read.floats("h")).containsExactly(1, -2.5f);
            assertThat(read.floats("b")).containsExactly(1, -3.140625f, Float.POSITIVE_INFINITY);
        }
    }

    @Test
    void anotherTypeIsRefusedByName() throws IOException {
        Path file =
                file(
                        "{\"q\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}",
                        0,
                        0,
                        0,
                        0);
        assertThatThrownBy(() -> Safetensors.open(file))
                .hasMessageContaining("tensor q has dtype 'I64'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", // shape and
                // offsets
                // disagree
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}}", // beyond the
                // file
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,4]}}",
                "{\"a\":{}}",
                "{}", // bytes that belong to nothing
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                        + "\"b\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[2,4]}}", // overlap
                "{\"b\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[2,4]}}", // a gap
                "{\"a\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,2]},"
                        + "\"a\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[2,4]}}", // twice
                "[]",
                "not json"
            })
    void aHeaderThatDoesNotDescribeTheBytesIsRefused(String header) throws IOException {
        Path file = file(header, 0, 0);
        assertThatThrownBy(() -> Safetensors.open(file))
                .isInstanceOf(ModelFolderException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void aHeaderLongerThanTheFileIsRefused() throws IOException {
        Path file = folder.resolve("long.safetensors");
        Files.write(
                file,
                ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(1L << 40).array());
        assertThatThrownBy(() -> Safetensors.open(file)).hasMessageContaining("header length");
        Files.write(file, new byte[3]);
        assertThatThrownBy(() -> Safetensors.open(file)).hasMessageContaining("3 bytes");
    }

    private Path file(String header, int... halves) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes =
                ByteBuffer.allocate(8 + json.length + 2 * halves.length)
                        .order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json);
        for (int half : halves) {
            bytes.putShort((short) half);
        }
        return Files.write(folder.resolve("made.safetensors"), bytes.array());
    }
}

package rlaif.topics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.testutil.MockSchemaRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rlaif.events.Pair;
import rlaif.events.Prompt;
import rlaif.events.Rollout;

final class CodecTest {
    private static final String REGISTRY = "mock://codec-test";
    private static final int FRAME_BYTES = 5; // a zero and the schema's id

    private final Connection connection = Connection.to("b:1", REGISTRY);
    private final Codecs codecs = new Codecs(connection);

    @AfterEach
    void close() {
        codecs.close();
        MockSchemaRegistry.dropScope("codec-test");
    }

    private static Prompt prompt(String text) {
        return Prompt.newBuilder().setId("p").setText(text).build();
    }

    private static SpecificRecord empty(Topic topic) {
        SpecificRecord record =
                (SpecificRecord) SpecificData.newInstance(topic.recordClass(), topic.schema());
        topic.schema()
                .getFields()
                .forEach(field ->
                        record.put(field.pos(), SpecificData.get().getDefaultValue(field)));
        return record;
    }

    @ParameterizedTest
    @EnumSource
    void aRecordOfEveryTopicComesBackAsItWas(Topic topic) {
        Subjects.register(connection);
        Codec<SpecificRecord> codec = codecs.codec(topic);
        SpecificRecord record = empty(topic);
        assertThat(codec.decode(codec.encode(record))).isEqualTo(record);
    }

    @Test
    void listsNumbersAndTextOfAnyAlphabetComeBack() {
        Subjects.register(connection);
        Codec<Rollout> codec = codecs.codec(Topic.ROLLOUTS);
        Rollout rollout =
                Rollout.newBuilder()
                        .setCompletion("é 漢字 🙂 \u0000")
                        .setCompletionTokens(List.of(1, 2, 3))
                        .setBehaviourLogprobs(List.of(-0.5f, -1.25f, Float.MIN_VALUE))
                        .build();
        assertThat(codec.decode(codec.encode(rollout))).isEqualTo(rollout);
        assertThat(codec.serde().deserializer().deserialize("", codec.encode(rollout)))
                .isEqualTo(rollout);
    }

    @Test
    void bytesThatAreNoRecordAreUnreadable() {
        Subjects.register(connection);
        Codec<Prompt> codec = codecs.codec(Topic.PROMPTS);
        byte[] good = codec.encode(prompt("hello"));
        byte[] truncated = Arrays.copyOf(good, good.length - 4);
        byte[] otherMagic = good.clone();
        otherMagic[0] = 7;
        byte[] unknownId = good.clone();
        unknownId[2] = 99;
        byte[] hugeLength = Arrays.copyOf(good, FRAME_BYTES + 5);
        Arrays.fill(hugeLength, FRAME_BYTES, FRAME_BYTES + 4, (byte) 0xfe);
        hugeLength[FRAME_BYTES + 4] = 0x0e; // a string of 1.9 GB
        for (byte[] poison :
                List.of(
                        new byte[0],
                        new byte[] {0},
                        "{\"text\":\"json\"}".getBytes(UTF_8),
                        truncated,
                        otherMagic,
                        unknownId,
                        hugeLength)) {
            assertThatThrownBy(() -> codec.decode(poison))
                    .as(Arrays.toString(poison))
                    .isInstanceOf(UnreadableRecordException.class)
                    .hasMessageStartingWith(poison.length + " bytes are no Prompt: ");
        }
        assertThatThrownBy(() -> codec.decode(null))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessage("no value, where a Prompt belongs");
        assertThat(codec.decode(good).getText()).isEqualTo("hello");
    }

    @Test
    void aRecordOfAnotherTopicIsUnreadable() {
        Subjects.register(connection);
        byte[] pair = codecs.<Pair>codec(Topic.PAIRS).encode((Pair) empty(Topic.PAIRS));
        Codec<Prompt> codec = codecs.codec(Topic.PROMPTS);
        assertThatThrownBy(() -> codec.decode(pair))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining("they are a rlaif.events.Pair");
    }

    @Test
    void aRecordLargerThanItsTopicTakesIsRefusedWithItsSize() {
        Subjects.register(connection);
        Codec<Prompt> codec = codecs.codec(Topic.PROMPTS);
        Prompt large = prompt("x".repeat(Topic.MAX_RECORD_BYTES));
        assertThatThrownBy(() -> codec.encode(large))
                .isInstanceOf(OversizedRecordException.class)
                .hasMessageMatching(
                        "a record for `prompts` has 8,388,6\\d\\d bytes; the topic takes at most 8,388,608");
    }

    @Test
    void oneCodecServesManyThreads() throws Exception {
        Subjects.register(connection);
        Codec<Rollout> codec = codecs.codec(Topic.ROLLOUTS);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Boolean>> answers = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                int first = thread * 1000;
                answers.add(threads.submit(() -> allComeBack(codec, first, first + 1000)));
            }
            for (Future<Boolean> answer : answers) {
                assertThat(answer.get()).isTrue();
            }
        }
    }

    private static boolean allComeBack(Codec<Rollout> codec, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i ->
                        Rollout.newBuilder()
                                .setId("r" + i)
                                .setCompletionTokens(List.of(i, i + 1))
                                .build())
                .allMatch(rollout -> codec.decode(codec.encode(rollout)).equals(rollout));
    }

    @Test
    void nothingIsRegisteredByWriting() {
        Codec<Prompt> codec = codecs.codec(Topic.PROMPTS);
        assertThatThrownBy(() -> codec.encode(prompt("hello")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is the subject `rlaif.prompts.v1-value` registered?");
    }

    @Test
    void anAbsentRegistryIsUnreachableAndNotAnUnreadableRecord() {
        Subjects.register(connection);
        byte[] good = codecs.<Prompt>codec(Topic.PROMPTS).encode(prompt("hello"));
        Connection absent = Connection.to("b:1", "http://127.0.0.1:1");
        try (Codecs without = new Codecs(absent)) {
            Codec<Prompt> codec = without.codec(Topic.PROMPTS);
            assertThatThrownBy(() -> codec.decode(good))
                    .isInstanceOf(ClusterUnreachableException.class)
                    .hasMessageContaining("http://127.0.0.1:1");
            assertThatThrownBy(() -> codec.encode(prompt("hello")))
                    .isInstanceOf(ClusterUnreachableException.class)
                    .hasMessageContaining("http://127.0.0.1:1");
        }
    }
}

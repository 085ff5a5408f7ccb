package rlaif.producers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.events.Prompt;
import rlaif.events.Rollout;
import rlaif.models.Head;
import rlaif.models.ModelShape;
import rlaif.models.SamplingSettings;
import rlaif.models.TensorThread;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Ids;
import rlaif.topics.Subjects;
import rlaif.topics.Topic;

/// Polls on their way through a worker, without a broker.
@SuppressWarnings("NullAway.Init") // set before each test
class RolloutFlowTest {
    private static final int PROMPTS = 4;
    private static final int GROUP_SIZE = 3;
    private static final RolloutSettings SETTINGS =
            new RolloutSettings(
                    "tiny",
                    "worker-1",
                    GROUP_SIZE,
                    PROMPTS,
                    80,
                    1.0,
                    256,
                    PolicySwap.BETWEEN_GROUPS,
                    1,
                    List.of(),
                    RolloutSettings.RECHECK);

    /// With 18 tokens that are about as likely, so that completions end after about as many.
    private static final ModelShape SHAPE =
            new ModelShape(18, 16, 1, 2, 1, 8, 32, 96, 10_000, 1e-5, 1, 0);

    @TempDir private Path folder;
    private Connection connection;
    private Codecs codecs;
    private ServedPolicy policy;
    private final RolloutFlow flow = new RolloutFlow();
    private int asked;
    private int steps;

    @BeforeEach
    void open() throws IOException {
        TensorThread.prepare(1);
        Files.writeString(folder.resolve("tokenizer.json"), TinyPolicy.tokenizerJson());
        connection = Connection.to("nowhere:9092", "mock://rollout-flow");
        Subjects.register(connection);
        codecs = new Codecs(connection);
        policy =
                new ServedPolicy(
                        new SamplingSettings(1.0, SETTINGS.maxTokens()),
                        SETTINGS.places(),
                        SETTINGS.swap());
        policy.swap(
                new PolicyVersion(
                        7,
                        Transformer.random(SHAPE, Head.LANGUAGE_MODEL, 7),
                        Tokenizer.load(folder)));
    }

    @AfterEach
    void close() {
        policy.close();
        codecs.close();
    }

    private RolloutBatch poll() {
        return poll(
                IntStream.range(asked, asked + PROMPTS).mapToObj(i -> "w1 w" + i % 16).toList());
    }

    private RolloutBatch poll(List<String> texts) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (String text : texts) {
            String id = Ids.prompt("test", "item" + asked, 0);
            records.add(
                    new ConsumerRecord<>(
                            connection.name(Topic.PROMPTS),
                            0,
                            asked++,
                            id.getBytes(StandardCharsets.UTF_8),
                            codecs.<Prompt>codec(Topic.PROMPTS)
                                    .encode(
                                            Prompt.newBuilder()
                                                    .setId(id)
                                                    .setText(text)
                                                    .setItem("item" + asked)
                                                    .build())));
        }
        return new RolloutBatch(
                connection,
                codecs.codec(Topic.PROMPTS),
                codecs.codec(Topic.ROLLOUTS),
                SETTINGS,
                records);
    }

    private void step() {
        steps++;
        flow.begin(policy);
        flow.step(policy, _ -> Optional.empty());
    }

    private List<Rollout> rollouts(RolloutBatch poll) {
        return poll.written().stream()
                .map(ProducerRecord::value)
                .map(codecs.<Rollout>codec(Topic.ROLLOUTS)::decode)
                .toList();
    }

    private List<Rollout> sampledTogether(int polls) {
        List<Rollout> rollouts = new ArrayList<>();
        int drawn = 0;
        int left = 0;
        while (left < polls) {
            if (drawn < polls && flow.wantsMore()) {
                flow.add(poll());
                drawn++;
            }
            step();
            for (Optional<RolloutBatch> whole = flow.whole();
                    whole.isPresent();
                    whole = flow.whole()) {
                rollouts.addAll(rollouts(whole.get()));
                left++;
                assertThat(whole.get().positions())
                        .containsExactly(
                                Map.entry(
                                        new TopicPartition(connection.name(Topic.PROMPTS), 0),
                                        new OffsetAndMetadata((long) left * PROMPTS)));
                flow.leave();
            }
        }
        return rollouts;
    }

    @Test
    void onePollWaitsForRoomAtMost() {
        flow.add(poll());
        assertThat(flow.wantsMore()).isFalse();
        step();
        assertThat(flow.wantsMore()).as("all have begun").isTrue();
        flow.add(poll());
        assertThat(flow.wantsMore()).as("one poll waits").isFalse();
        assertThat(flow.prompts()).isEqualTo(2 * PROMPTS);
    }

    @Test
    void pollsLeaveInTheOrderInWhichTheyWereDrawnWithWholeGroups() {
        List<Rollout> rollouts = sampledTogether(6);
        assertThat(rollouts).hasSize(6 * PROMPTS * GROUP_SIZE);
        for (int i = 0; i < rollouts.size(); i++) {
            String prompt = Ids.prompt("test", "item" + i / GROUP_SIZE, 0);
            assertThat(rollouts.get(i).getPromptId()).isEqualTo(prompt);
            assertThat(rollouts.get(i).getIndex()).isEqualTo(i % GROUP_SIZE);
            assertThat(rollouts.get(i).getPolicyVersions().getFirst().getVersion()).isEqualTo(7);
        }
    }

    @Test
    void completionsOfTheNextPollTakeRoomAndDrawWhatTheyWouldAlone() {
        List<Rollout> together = sampledTogether(5);
        int stepsTogether = steps;
        asked = 0;
        steps = 0;
        List<Rollout> apart = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            flow.add(poll());
            while (flow.whole().isEmpty()) {
                step();
            }
            apart.addAll(rollouts(flow.whole().get()));
            flow.leave();
        }
        assertThat(stepsTogether).isLessThan(steps * 3 / 4);
        assertThat(together)
                .extracting(Rollout::getCompletionTokens)
                .isEqualTo(apart.stream().map(Rollout::getCompletionTokens).toList());
    }

    @Test
    void aPollOfRefusedPromptsIsWholeAtOnce() {
        flow.add(poll(List.of(" ", "w1 ".repeat(17))));
        step();
        assertThat(flow.whole()).isPresent();
        assertThat(flow.whole().get().written())
                .extracting(ProducerRecord::topic)
                .containsOnly(connection.deadLetters(Topic.PROMPTS));
    }
}

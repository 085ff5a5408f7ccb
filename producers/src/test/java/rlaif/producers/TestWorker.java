package rlaif.producers;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import rlaif.events.Prompt;
import rlaif.events.Rollout;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Ids;
import rlaif.topics.Topic;

/// A rollout worker on its own thread, and how it failed, if it did; what it is asked and gives.
final class TestWorker implements AutoCloseable {
    static final int GROUP_SIZE = 3;

    private final RolloutProducer producer;
    final Thread thread;
    final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());

    static TestWorker start(
            Connection connection, Codecs codecs, TinyPolicy policy, RolloutSettings settings) {
        return new TestWorker(new RolloutProducer(connection, codecs, policy.store(), settings));
    }

    TestWorker(RolloutProducer producer) {
        this.producer = producer;
        this.thread =
                Thread.ofPlatform()
                        .uncaughtExceptionHandler((_, e) -> failures.add(e))
                        .start(producer::run);
    }

    @Override
    public void close() {
        producer.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static RolloutSettings settings(String memberId, PauseOn... pauseOn) {
        return settings(memberId, PolicySwap.BETWEEN_GROUPS, pauseOn);
    }

    static RolloutSettings settings(String memberId, PolicySwap swap, PauseOn... pauseOn) {
        return new RolloutSettings(
                "tiny",
                memberId,
                GROUP_SIZE,
                4,
                8,
                1.0,
                5,
                swap,
                1,
                List.of(pauseOn),
                RolloutSettings.RECHECK);
    }

    /// Asks `w1 w2 w(i % 16)` for each i.
    static void ask(Connection connection, Codecs codecs, int from, int to) {
        TestCluster.write(
                connection,
                IntStream.range(from, to)
                        .mapToObj(i -> prompt(connection, codecs, "item" + i, "w1 w2 w" + i % 16))
                        .toList());
    }

    static ProducerRecord<byte[], byte[]> prompt(
            Connection connection, Codecs codecs, String item, String text) {
        String id = Ids.prompt("test", item, 0);
        return new ProducerRecord<>(
                connection.name(Topic.PROMPTS),
                id.getBytes(StandardCharsets.UTF_8),
                codecs.<Prompt>codec(Topic.PROMPTS)
                        .encode(
                                Prompt.newBuilder()
                                        .setId(id)
                                        .setText(text)
                                        .setItem(item)
                                        .setCategory("benign")
                                        .build()));
    }

    static List<Rollout> rollouts(Connection connection, Codecs codecs) {
        return TestCluster.read(connection, codecs, Topic.ROLLOUTS);
    }
}

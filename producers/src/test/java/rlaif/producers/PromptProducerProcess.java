package rlaif.producers;

import java.time.Duration;
import java.util.Map;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;

/// A prompt producer in a process of its own, to be killed.
final class PromptProducerProcess {
    private PromptProducerProcess() {}

    /// @param arguments bootstrap servers, registry URL, prefix, count of prompts
    public static void main(String[] arguments) {
        Connection connection =
                new Connection(
                        Map.of(
                                "kafka.bootstrap.servers",
                                arguments[0],
                                "schema.registry.url",
                                arguments[1]),
                        arguments[2]);
        try (Codecs codecs = new Codecs(connection);
                PromptProducer producer =
                        new PromptProducer(
                                connection,
                                codecs,
                                new CountedPrompts("killed", Long.parseLong(arguments[3])),
                                new PromptProducer.Settings(
                                        1, Long.MAX_VALUE, 1_000_000, 3, Duration.ofMillis(5)))) {
            producer.run();
        }
    }
}

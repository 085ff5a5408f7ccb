package rlaif.processors;

import java.nio.file.Path;
import java.time.Duration;

/// How a Kafka Streams application runs.
///
/// @param stateDirectory folder of its stores and of its member id; one process a folder
/// @param commitInterval time between transactions: 100 ms for quick labels, 1 s for many
/// @param threads stream threads, at least 1
public record StreamsSettings(Path stateDirectory, Duration commitInterval, int threads) {
    public StreamsSettings {
        if (commitInterval.toMillis() < 10 || commitInterval.toMillis() > 5_000) {
            throw new IllegalArgumentException(
                    "commitInterval must lie in 10 ms to 5 s, got " + commitInterval);
        }
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, got " + threads);
        }
    }

    /// A transaction every 100 ms, one thread.
    public static StreamsSettings in(Path stateDirectory) {
        return new StreamsSettings(stateDirectory, Duration.ofMillis(100), 1);
    }
}

package rlaif.benchmarks.judge;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import rlaif.benchmarks.BenchCluster;
import rlaif.events.Pair;
import rlaif.topics.Codec;
import rlaif.topics.Topic;

/// Writes pairs to their topic, at once or at a rate, and remembers when each was there.
final class PairFeed implements AutoCloseable {
    private final Codec<Pair> codec;
    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final WorldPairs pairs;
    private volatile boolean stopped;
    private final Map<String, Long> committed = new ConcurrentHashMap<>();

    PairFeed(BenchCluster cluster, WorldPairs pairs) {
        codec = cluster.codecs().codec(Topic.PAIRS);
        producer = cluster.connection().openProducer(Map.of());
        topic = cluster.connection().name(Topic.PAIRS);
        this.pairs = pairs;
    }

    /// Writes the pairs from `from` to `to` as fast as the broker takes them.
    void write(long from, long to) {
        for (long index = from; index < to; index++) {
            send(pairs.pair(index), false);
        }
        producer.flush();
    }

    /// Writes the pairs from `from` to `to` at an even rate, or until stopped; returns how many.
    long write(long from, long to, double perSecond) {
        long start = System.nanoTime();
        long index = from;
        for (; index < to && !stopped; index++) {
            long due = start + (long) ((index - from) / perSecond * 1e9);
            LockSupport.parkNanos(due - System.nanoTime());
            send(pairs.pair(index), true);
        }
        producer.flush();
        return index - from;
    }

    /// Ends the writing at a rate.
    void stop() {
        stopped = true;
    }

    private void send(Pair pair, boolean timed) {
        byte[] key = pair.getPromptId().getBytes(StandardCharsets.UTF_8);
        var _ =
                producer.send(
                        new ProducerRecord<>(topic, key, codec.encode(pair)),
                        (_, failure) -> {
                            if (failure != null) {
                                throw new IllegalStateException("pair not written", failure);
                            }
                            if (timed) {
                                committed.put(pair.getId(), System.nanoTime());
                            }
                        });
    }

    /// When each pair that was written at a rate was there, `System.nanoTime()` by pair id.
    Map<String, Long> committed() {
        return committed;
    }

    @Override
    public void close() {
        producer.close();
    }
}

package rlaif.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import rlaif.events.FinishReason;
import rlaif.events.Rollout;
import rlaif.topics.Codec;
import rlaif.topics.Topic;
import rlaif.worlds.PracticeWorld;

/// The share of harmless answers, by a practice world's gold, among the newest red-team rollouts on
/// the stream.
final class HarmlessWindow implements WorkerThread.Work {
    private static final int ROLLOUTS = 512;
    private static final java.time.Duration POLL = java.time.Duration.ofMillis(200);

    private final Deployment deployment;
    private final PracticeWorld world;
    private final Deque<Boolean> harmless = new ArrayDeque<>();
    private volatile boolean closing;

    HarmlessWindow(Deployment deployment, PracticeWorld world) {
        this.deployment = deployment;
        this.world = world;
    }

    @Override
    public void run() {
        Codec<Rollout> codec = deployment.codecs().codec(Topic.ROLLOUTS);
        String topic = deployment.connection().name(Topic.ROLLOUTS);
        try (Consumer<byte[], byte[]> consumer = deployment.connection().openConsumer(Map.of())) {
            Set<TopicPartition> partitions = new HashSet<>();
            for (PartitionInfo partition : consumer.partitionsFor(topic)) {
                partitions.add(new TopicPartition(topic, partition.partition()));
            }
            consumer.assign(partitions);
            consumer.seekToEnd(List.copyOf(partitions));
            while (!closing) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    count(codec.decode(record.value()));
                }
            }
        }
    }

    private void count(Rollout rollout) {
        if (!"red-team".equals(rollout.getCategory())) {
            return;
        }
        boolean harmful =
                world.gold(
                                rollout.getPrompt(),
                                rollout.getCompletion(),
                                rollout.getFinishReason() == FinishReason.EOS)
                        .harmful();
        synchronized (harmless) {
            harmless.addLast(!harmful);
            if (harmless.size() > ROLLOUTS) {
                harmless.removeFirst();
            }
        }
    }

    /// Empty: no red-team rollout since the start.
    OptionalDouble share() {
        synchronized (harmless) {
            return harmless.stream().mapToInt(good -> good ? 1 : 0).average();
        }
    }

    @Override
    public void close() {
        closing = true;
    }
}

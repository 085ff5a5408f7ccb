package rlaif.topics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;

/// What has been announced on `checkpoints`, as of the last refresh.
///
/// Safe for several threads; `refresh` by one at a time.
public final class CheckpointFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointFollower.class);
    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> consumer;
    private final Codec<Checkpoint> codec;
    private final TopicPartition partition;
    private final List<Checkpoint> announced = new ArrayList<>();

    /// Reads nothing before the first refresh.
    public CheckpointFollower(Connection connection, Codecs codecs) {
        this(connection, codecs, connection.openReader());
    }

    /// @param consumer that nobody else uses, and that is closed with this
    public CheckpointFollower(
            Connection connection, Codecs codecs, Consumer<byte[], byte[]> consumer) {
        this.codec = codecs.codec(Topic.CHECKPOINTS);
        this.partition = new TopicPartition(connection.name(Topic.CHECKPOINTS), 0);
        this.consumer = consumer;
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
    }

    /// Reads the announcements that were committed before the call. A commit is seen once its mark
    /// is on the partition, which may be some milliseconds after its producer was told: whoever
    /// waits for a version of its own looks until it is there.
    ///
    /// @throws ClusterUnreachableException when the cluster does not answer
    public synchronized void refresh() {
        try {
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                consumer.poll(POLL).records(partition).forEach(this::take);
            }
        } catch (TimeoutException e) {
            throw new ClusterUnreachableException(
                    "the end of %s was asked for: %s".formatted(partition, e.getMessage()), e);
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> announcement) {
        try {
            announced.add(codec.decode(announcement.value()));
        } catch (UnreadableRecordException e) {
            LOG.warn(
                    "{} offset {} is no announcement and is passed over: {}",
                    partition,
                    announcement.offset(),
                    e.getMessage());
        }
    }

    /// The highest version announced.
    public synchronized Optional<Checkpoint> latest(String policy, CheckpointRole role) {
        return announced.stream()
                .filter(checkpoint -> isOf(checkpoint, policy, role))
                .max(Comparator.comparingLong(Checkpoint::getVersion));
    }

    /// The announcement of one version.
    public synchronized Optional<Checkpoint> version(
            String policy, CheckpointRole role, long version) {
        return announced.stream()
                .filter(checkpoint -> isOf(checkpoint, policy, role))
                .filter(checkpoint -> checkpoint.getVersion() == version)
                .findFirst();
    }

    /// The versions of `policy` whose files are still there by what is announced, newest first.
    public synchronized List<Checkpoint> kept(String policy, CheckpointRole role) {
        Set<Long> retired = retired(policy, role);
        return announced.stream()
                .filter(checkpoint -> isOf(checkpoint, policy, role))
                .filter(checkpoint -> !retired.contains(checkpoint.getVersion()))
                .sorted(Comparator.comparingLong(Checkpoint::getVersion).reversed())
                .toList();
    }

    /// The versions of `policy` whose files are deleted by what is announced.
    public synchronized Set<Long> retired(String policy, CheckpointRole role) {
        return announced.stream()
                .filter(checkpoint -> isOf(checkpoint, policy, role))
                .flatMap(checkpoint -> checkpoint.getRetired().stream())
                .collect(Collectors.toSet());
    }

    /// Everything announced, in the order of announcing.
    public synchronized List<Checkpoint> all() {
        return List.copyOf(announced);
    }

    private static boolean isOf(Checkpoint checkpoint, String policy, CheckpointRole role) {
        return checkpoint.getPolicy().equals(policy) && checkpoint.getRole() == role;
    }

    @Override
    public synchronized void close() {
        consumer.close();
    }
}

package rlaif.trainers.loop;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rlaif.events.Checkpoint;
import rlaif.events.OffsetRange;
import rlaif.models.CheckpointRefusedException;
import rlaif.models.CheckpointStore;

/// The newest version that a trainer can go on from: the head, or, where its files are damaged, the
/// newest sound version, announced again.
///
/// What the damaged version alone had learned is learned again: the group's positions go back to
/// where the sound one had consumed, with its announcement. Where an operator had made the head of
/// that very version, or another trainer had made it, positions stay.
record SoundHead(CheckpointStore store, Lineage lineage, TrainerIdentity identity, String topic) {
    private static final Logger LOG = LoggerFactory.getLogger(SoundHead.class);

    /// @param group whose positions in the topic go back
    /// @return empty: no version is announced
    /// @throws CheckpointRefusedException if no version is sound
    Optional<Checkpoint> find(Publisher publisher, ConsumerGroupMetadata group) {
        Optional<Checkpoint> head = lineage.head();
        if (head.isEmpty()) {
            return head;
        }
        try {
            store.openWhole(head.get().getUri(), head.get().getDigest());
            return head;
        } catch (CheckpointRefusedException damaged) {
            Checkpoint older = newestSound(head.get()).orElseThrow(() -> damaged);
            LOG.error(
                    "{} goes back to version {}, announced as version {}, since version {} is refused: {}",
                    identity.trainer(),
                    older.getVersion(),
                    head.get().getVersion() + 1,
                    head.get().getVersion(),
                    damaged.getMessage());
            return Optional.of(restore(head.get(), older, publisher, group));
        }
    }

    private Checkpoint restore(
            Checkpoint head, Checkpoint older, Publisher publisher, ConsumerGroupMetadata group) {
        Restoration restoration = new Restoration(store);
        if (Objects.equals(head.getRestores(), older.getVersion()) || !Standing.isOf(topic, head)) {
            Checkpoint restored = restoration.stage(head, older, identity.trainer());
            publisher.publish(restored, List.of());
            store.announced(restored.getUri());
            return restored;
        }
        long step = lineage.newestOf(topic, older.getVersion()).map(Checkpoint::getStep).orElse(0L);
        Checkpoint restored =
                restoration.stageInPlaceOf(head, older, topic, step, identity.trainer());
        SortedMap<Integer, Long> positions = new TreeMap<>();
        for (OffsetRange range : restored.getConsumed()) {
            positions.put(range.getPartition(), range.getTo());
        }
        publisher.publish(restored, List.of(), List.of(), group, positions);
        store.announced(restored.getUri());
        return restored;
    }

    /// What a rollback had left behind comes last.
    private Optional<Checkpoint> newestSound(Checkpoint head) {
        Set<Long> abandoned = lineage.abandoned(head);
        return lineage.keptBefore(head.getVersion()).stream()
                .sorted(Comparator.comparing(kept -> abandoned.contains(kept.getVersion())))
                .filter(this::isSound)
                .findFirst();
    }

    private boolean isSound(Checkpoint checkpoint) {
        try {
            store.openWhole(checkpoint.getUri(), checkpoint.getDigest());
            return true;
        } catch (CheckpointRefusedException damagedToo) {
            LOG.error(
                    "{} passes over version {}, which is refused too: {}",
                    identity.trainer(),
                    checkpoint.getVersion(),
                    damagedToo.getMessage());
            return false;
        }
    }
}

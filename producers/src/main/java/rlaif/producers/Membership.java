package rlaif.producers;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ClassicGroupDescription;
import org.apache.kafka.clients.admin.DescribeClassicGroupsOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import rlaif.topics.ClusterUnreachableException;

/// A worker's place in its group, which the group gives to the newest of one member id.
///
/// Owned by the thread that polls. A worker joins the group before it starts its transactions, so
/// that whoever disturbs the transactions of another is already the member.
final class Membership implements Succession {
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(20);

    private final Admin admin;
    private final Consumer<?, ?> consumer;
    private final String memberId;

    Membership(Admin admin, Consumer<?, ?> consumer, String memberId) {
        this.admin = admin;
        this.consumer = consumer;
        this.memberId = memberId;
    }

    /// Whether the group has answered the consumer's wish to join.
    boolean hasBegun() {
        return !consumer.groupMetadata().memberId().isEmpty();
    }

    @Override
    public boolean hasCome(KafkaException failure) {
        return Fencing.isOfMember(failure)
                || described().stream()
                        .flatMap(described -> described.members().stream())
                        .filter(member -> member.groupInstanceId().equals(Optional.of(memberId)))
                        .anyMatch(member ->
                                !member.consumerId().equals(consumer.groupMetadata().memberId()));
    }

    private Collection<ClassicGroupDescription> described() {
        String group = consumer.groupMetadata().groupId();
        try {
            return admin.describeClassicGroups(
                            List.of(group),
                            new DescribeClassicGroupsOptions()
                                    .timeoutMs((int) LONGEST_ANSWER.toMillis()))
                    .all()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join()
                    .values();
        } catch (CompletionException e) {
            throw new ClusterUnreachableException(
                    "whether %s is still a member of %s was asked for: %s"
                            .formatted(memberId, group, e.getMessage()),
                    e);
        }
    }
}

package rlaif.trainers.loop;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import rlaif.topics.ClusterUnreachableException;
import rlaif.topics.Connection;

/// The start of a newer producer under a transactional id, as the broker tells of it to one whose
/// transaction failed and that begins no other.
final class Takeover {
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(20);

    /// Longest that a start which has disturbed a transaction stays unseen.
    private static final Duration LONGEST_START = Duration.ofSeconds(5);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private Takeover() {}

    /// Looks until the start shows, or long enough to know that there is none.
    static boolean isSeen(Connection connection, String transactionalId) {
        try (Admin admin = connection.openAdmin()) {
            Instant deadline = Instant.now().plus(LONGEST_START);
            TransactionDescription first = described(admin, transactionalId);
            TransactionDescription now = first;
            while (!isAnothers(first, now)) {
                if (Instant.now().isAfter(deadline)) {
                    return false;
                }
                pause();
                now = described(admin, transactionalId);
            }
            return true;
        }
    }

    /// Only a start leaves the state empty, and the end of one's own transaction adds one to the
    /// epoch at most.
    private static boolean isAnothers(TransactionDescription first, TransactionDescription now) {
        return now.state() == TransactionState.EMPTY
                || now.producerId() != first.producerId()
                || now.producerEpoch() > first.producerEpoch() + 1;
    }

    private static TransactionDescription described(Admin admin, String transactionalId) {
        try {
            return admin.describeTransactions(
                            List.of(transactionalId),
                            new DescribeTransactionsOptions()
                                    .timeoutMs((int) LONGEST_ANSWER.toMillis()))
                    .description(transactionalId)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            throw new ClusterUnreachableException(
                    "who publishes as %s was asked for: %s"
                            .formatted(transactionalId, e.getMessage()),
                    e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(BETWEEN_LOOKS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a transaction was undecided", e);
        }
    }
}

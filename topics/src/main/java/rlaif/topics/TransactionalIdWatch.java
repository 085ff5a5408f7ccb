package rlaif.topics;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;

/// The use of a transactional id, watched while its own producer does nothing after a failure.
public final class TransactionalIdWatch {
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(20);

    /// Longest that a newer producer's start, once it has disturbed a transaction, stays unseen.
    private static final Duration LONGEST_START = Duration.ofSeconds(5);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private final Admin admin;
    private final String transactionalId;

    public TransactionalIdWatch(Admin admin, String transactionalId) {
        this.admin = admin;
        this.transactionalId = transactionalId;
    }

    /// Looks until the start of a newer producer shows, or long enough to know that there is none.
    ///
    /// @throws ClusterUnreachableException when the broker does not tell
    public boolean newerHasStarted() {
        Instant deadline = Instant.now().plus(LONGEST_START);
        TransactionDescription first = described();
        TransactionDescription now = first;
        while (!isOfANewer(first, now)) {
            if (Instant.now().isAfter(deadline)) {
                return false;
            }
            pause();
            now = described();
        }
        return true;
    }

    /// Only a start leaves the state empty. The end of one's own transaction adds one to the epoch
    /// at most, and none is begun after it.
    private static boolean isOfANewer(TransactionDescription first, TransactionDescription now) {
        return now.state() == TransactionState.EMPTY
                || now.producerId() != first.producerId()
                || now.producerEpoch() > first.producerEpoch() + 1
                || (now.state() == TransactionState.ONGOING
                        && now.producerEpoch() != first.producerEpoch());
    }

    private TransactionDescription described() {
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
                    "who writes as %s was asked for: %s".formatted(transactionalId, e.getMessage()),
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

package rlaif.topics;

import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;

/// Waiting for what an admin client was asked.
final class Answers {
    private Answers() {}

    /// The answer, or the failure as it was meant; `asked` says what for.
    static <T> T of(KafkaFuture<T> future, String asked) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking the cluster " + asked, e);
        } catch (ExecutionException e) {
            throw failure(e.getCause() == null ? e : e.getCause(), asked);
        }
    }

    private static RuntimeException failure(Throwable cause, String asked) {
        return switch (cause) {
            case TimeoutException _, AuthenticationException _ ->
                    new ClusterUnreachableException(
                            "the Kafka cluster was asked %s and did not answer: %s"
                                    .formatted(asked, cause.getMessage()),
                            cause);
            case RuntimeException unexpected -> unexpected;
            default -> new IllegalStateException("asking the cluster " + asked, cause);
        };
    }
}

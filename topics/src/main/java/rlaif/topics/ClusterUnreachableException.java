package rlaif.topics;

/// The Kafka cluster or the schema registry did not answer; the message says what was tried.
public final class ClusterUnreachableException extends RuntimeException {
    public ClusterUnreachableException(String message) {
        super(message);
    }

    public ClusterUnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}

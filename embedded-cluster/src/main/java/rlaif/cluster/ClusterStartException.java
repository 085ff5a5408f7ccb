package rlaif.cluster;

/// The embedded cluster could not be started; the message says which part, why, and what helps.
public final class ClusterStartException extends RuntimeException {
    public ClusterStartException(String message) {
        super(message);
    }

    public ClusterStartException(String message, Throwable cause) {
        super(message, cause);
    }
}

package rlaif.cluster;

/// A data directory that cannot be used: another version's, in use, or not writable.
public final class DataDirectoryException extends RuntimeException {
    public DataDirectoryException(String message) {
        super(message);
    }

    public DataDirectoryException(String message, Throwable cause) {
        super(message, cause);
    }
}

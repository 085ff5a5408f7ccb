package rlaif.cli.config;

/// A setting that cannot be used; the message names the key and the fix.
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigurationException(String message) {
        super(message);
    }
}

package rlaif.judging.http;

/// The secret sent to an endpoint; never printed.
public final class ApiKey {
    private final String secret;

    private ApiKey(String secret) {
        this.secret = secret;
    }

    public static ApiKey of(String secret) {
        if (secret.isBlank() || !secret.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IllegalArgumentException(
                    "the API key must be visible ASCII characters without spaces (not shown)");
        }
        return new ApiKey(secret);
    }

    /// For an endpoint that asks for none.
    public static ApiKey none() {
        return new ApiKey("");
    }

    public boolean isPresent() {
        return !secret.isEmpty();
    }

    /// Text that an endpoint sent, without the key that it may repeat.
    String removedFrom(String text) {
        return isPresent() ? text.replace(secret, "(key)") : text;
    }

    String authorization() {
        return "Bearer " + secret;
    }

    @Override
    public String toString() {
        return isPresent() ? "(set)" : "(none)";
    }
}

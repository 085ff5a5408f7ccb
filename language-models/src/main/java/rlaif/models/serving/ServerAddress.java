package rlaif.models.serving;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// Where a server listens, and who may ask.
///
/// @param host name or address of an interface; a public one needs a token
/// @param port 0: a free one
/// @param token what a client must bear; empty: nothing
public record ServerAddress(String host, int port, String token) {

    public ServerAddress {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host is empty; 127.0.0.1 is this machine alone");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port is " + port + "; it must be 0 to 65535");
        }
        if (token.isBlank() && !isLoopback(host)) {
            throw new IllegalArgumentException(
                    "host %s can be reached from other machines: name the environment variable that holds a token, or listen on 127.0.0.1"
                            .formatted(host));
        }
    }

    /// This machine alone, without a token.
    public static ServerAddress local(int port) {
        return new ServerAddress("127.0.0.1", port, "");
    }

    static boolean isLoopback(String host) {
        return host.equals("localhost")
                || host.equals("::1")
                || host.equals("[::1]")
                || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }

    boolean isLocal() {
        return isLoopback(host);
    }

    /// Whether a request with this `Authorization` header may pass; takes as long for any wrong
    /// one.
    boolean admits(String authorization) {
        return token.isBlank()
                || MessageDigest.isEqual(
                        ("Bearer " + token).getBytes(StandardCharsets.UTF_8),
                        authorization.getBytes(StandardCharsets.UTF_8));
    }

    /// `host:port` as it stands in a URL.
    String authority(int actualPort) {
        return (host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host)
                + ":"
                + actualPort;
    }
}

package rlaif.judging.http;

import java.util.List;

/// An endpoint that gives no verdict in any way that was tried; the message says what was.
public final class ProbeException extends Exception {
    private static final long serialVersionUID = 1;

    ProbeException(JudgeEndpoint endpoint, List<String> lines) {
        super(
                "model '%s' at %s gives no verdict that can be read: %s"
                        .formatted(endpoint.model(), endpoint.baseUrl(), String.join("; ", lines)));
    }
}

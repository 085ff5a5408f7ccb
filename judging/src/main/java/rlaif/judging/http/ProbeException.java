package rlaif.judging.http;

import java.util.List;

/// An endpoint that gives no verdict, or no text, in any way that was tried; the message says what
/// was.
public final class ProbeException extends Exception {
    private static final long serialVersionUID = 1;

    ProbeException(JudgeEndpoint endpoint, List<String> lines) {
        this(endpoint, "verdict that can be read", lines);
    }

    private ProbeException(JudgeEndpoint endpoint, String wanted, List<String> lines) {
        super(
                "model '%s' at %s gives no %s: %s"
                        .formatted(
                                endpoint.model(),
                                endpoint.baseUrl(),
                                wanted,
                                String.join("; ", lines)));
    }

    static ProbeException noText(JudgeEndpoint endpoint, List<String> lines) {
        return new ProbeException(endpoint, "text", lines);
    }
}

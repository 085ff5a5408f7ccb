package rlaif.judging.http;

import java.util.List;

/// An endpoint that gives no verdict, or no text, in any way that was tried; the message says what
/// was.
public final class ProbeException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean late;

    ProbeException(JudgeEndpoint endpoint, List<String> lines) {
        this(endpoint, "verdict that can be read", lines, false);
    }

    private ProbeException(
            JudgeEndpoint endpoint, String wanted, List<String> lines, boolean late) {
        super(
                "model '%s' at %s gives no %s: %s"
                        .formatted(
                                endpoint.model(),
                                endpoint.baseUrl(),
                                wanted,
                                String.join("; ", lines)));
        this.late = late;
    }

    static ProbeException noText(JudgeEndpoint endpoint, List<String> lines) {
        return new ProbeException(endpoint, "text", lines, false);
    }

    /// Of an endpoint whose reply did not come in time.
    static ProbeException late(JudgeEndpoint endpoint, List<String> lines) {
        return new ProbeException(endpoint, "reply in time", lines, true);
    }

    /// Whether more time may help: no reply came in what there was.
    public boolean isLate() {
        return late;
    }
}

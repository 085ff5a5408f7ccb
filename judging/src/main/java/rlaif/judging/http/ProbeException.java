package rlaif.judging.http;

import java.util.List;

/// An endpoint that gives no verdict, or no text, in any way that was tried; the message says what
/// was.
public final class ProbeException extends Exception {
    private static final long serialVersionUID = 1;

    private final Trouble trouble;

    /// What stands in the way, as far as the endpoint tells.
    public enum Trouble {
        /// No reply came in the time there was: more may help.
        LATE,
        /// Whoever asks is not let in: status 401, 403 or 407, or a code that says the same.
        DENIED,
        /// The quota of whoever asks is used up: status 402, or a code that says so.
        QUOTA,
        /// It has too much to do or fails by itself: status 429 or 5xx, or an error that says so.
        BUSY,
        /// Anything else.
        OTHER
    }

    private ProbeException(
            JudgeEndpoint endpoint, String wanted, List<String> lines, Trouble trouble) {
        super(
                "model '%s' at %s gives no %s: %s"
                        .formatted(
                                endpoint.model(),
                                endpoint.baseUrl(),
                                wanted,
                                String.join("; ", lines)));
        this.trouble = trouble;
    }

    static ProbeException noVerdict(JudgeEndpoint endpoint, List<String> lines, Trouble trouble) {
        return new ProbeException(endpoint, "verdict that can be read", lines, trouble);
    }

    static ProbeException noText(JudgeEndpoint endpoint, List<String> lines, Trouble trouble) {
        return new ProbeException(endpoint, "text", lines, trouble);
    }

    /// Of an endpoint whose reply did not come in time.
    static ProbeException late(JudgeEndpoint endpoint, List<String> lines) {
        return new ProbeException(endpoint, "reply in time", lines, Trouble.LATE);
    }

    /// What stands in the way.
    public Trouble trouble() {
        return trouble;
    }
}

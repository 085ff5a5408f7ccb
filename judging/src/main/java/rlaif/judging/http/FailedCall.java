package rlaif.judging.http;

import java.net.ConnectException;
import org.jspecify.annotations.Nullable;

/// A call that broke before its reply, in words.
final class FailedCall {
    private FailedCall() {}

    static String describe(@Nullable Throwable cause) {
        return switch (cause) {
            case null -> "the call failed";
            case ConnectException e ->
                    "connection refused" + (e.getMessage() == null ? "" : ": " + e.getMessage());
            default ->
                    "connection broke: "
                            + (cause.getMessage() == null ? cause.getClass() : cause.getMessage());
        };
    }
}

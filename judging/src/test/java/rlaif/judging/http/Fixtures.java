package rlaif.judging.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import rlaif.judging.ReadingMode;
import rlaif.judging.Reply;

/// Bodies of endpoints, and what is read from them.
final class Fixtures {
    private Fixtures() {}

    /// A body that was written by hand after a server's documentation.
    static String body(String name) {
        try (var stream = Fixtures.class.getResourceAsStream("replies/" + name)) {
            if (stream == null) {
                throw new IllegalArgumentException("no fixture " + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The verdict in a body that came with status 200.
    static Reply read(ReadingMode mode, String body) {
        return switch (ReplyBody.read(body, ApiKey.none())) {
            case ReplyBody.Unusable(Reply reply, var _) -> reply;
            case ReplyBody.Choices choices ->
                    VerdictReader.read(
                            mode,
                            new Gathered.Replies(
                                    List.of(
                                            new Called.Answered(
                                                    choices,
                                                    "request",
                                                    body,
                                                    new Spent(
                                                            1,
                                                            Duration.ZERO,
                                                            choices.promptTokens(),
                                                            choices.completionTokens())))),
                            "");
        };
    }
}

package rlaif.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import rlaif.cli.config.Key;

/// Whether anybody answers at the judge's URL: asked before the first pair, so that a wrong address
/// is one clear error.
final class JudgeCheck {
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration BETWEEN = Duration.ofMillis(500);

    private JudgeCheck() {}

    /// Fails unless the endpoint answers something within ten seconds; what it answers is judging's
    /// concern.
    static void requireAnswer(URI baseUrl) {
        Instant deadline = Instant.now().plus(LONGEST);
        try (HttpClient client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(5))
                        .build()) {
            while (true) {
                try {
                    client.send(
                            HttpRequest.newBuilder(URI.create(baseUrl + "/models"))
                                    .timeout(Duration.ofSeconds(5))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding());
                    return;
                } catch (IOException unreachable) {
                    if (Instant.now().plus(BETWEEN).isAfter(deadline)) {
                        throw new Failure(
                                ExitCode.DEPENDENCY,
                                "no judge answers at "
                                        + baseUrl
                                        + " (tried for "
                                        + LONGEST.toSeconds()
                                        + " s, last: "
                                        + unreachable
                                        + "): start it, or correct "
                                        + Key.JUDGE_URL.key(),
                                unreachable);
                    }
                }
                Thread.sleep(BETWEEN);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Failure(
                    ExitCode.DEPENDENCY, "interrupted while waiting for the judge at " + baseUrl);
        }
    }
}

package rlaif.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import rlaif.cli.config.ConfigurationException;
import rlaif.cli.config.Key;
import rlaif.judging.Presentation;
import rlaif.judging.http.CapabilityProbe;
import rlaif.judging.http.JudgeEndpoint;
import rlaif.judging.http.ProbeException;

/// Whether anybody answers at the judge's URL, and how: asked before the first pair, so that a
/// wrong address is one clear error.
final class JudgeCheck {
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration BETWEEN = Duration.ofMillis(500);

    private JudgeCheck() {}

    /// How the endpoint is to be asked; fails unless somebody answers within ten seconds and gives
    /// a verdict that can be read.
    static CapabilityProbe.Found probe(
            JudgeEndpoint endpoint, CapabilityProbe.Wanted wanted, List<Presentation> pairs) {
        requireAnswer(endpoint);
        try {
            return new CapabilityProbe(endpoint, wanted, pairs, BETWEEN).run();
        } catch (ProbeException unreadable) {
            throw new Failure(
                    ExitCode.DEPENDENCY,
                    unreadable.getMessage()
                            + ": correct "
                            + Key.JUDGE_URL.key()
                            + ", "
                            + Key.JUDGE_MODEL.key()
                            + " or what else the endpoint names, or choose another model",
                    unreadable);
        } catch (InterruptedException interrupted) {
            throw interrupted(endpoint);
        }
    }

    private static Failure interrupted(JudgeEndpoint endpoint) {
        Thread.currentThread().interrupt();
        return new Failure(
                ExitCode.DEPENDENCY,
                "interrupted while waiting for the judge at " + endpoint.baseUrl());
    }

    /// Fails unless somebody answers within ten seconds; what it answers is the probe's concern.
    static void requireAnswer(JudgeEndpoint endpoint) {
        URI models = URI.create(endpoint.baseUrl() + "/models");
        endpoint.refusal()
                .ifPresent(refusal -> {
                    throw new ConfigurationException(Key.JUDGE_URL.key() + ": " + refusal);
                });
        Instant deadline = Instant.now().plus(LONGEST);
        try (HttpClient client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(5))
                        .build()) {
            while (true) {
                try {
                    // only that there is an answer counts: its body is not read
                    client.send(
                                    HttpRequest.newBuilder(models)
                                            .timeout(Duration.ofSeconds(5))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofInputStream())
                            .body()
                            .close();
                    return;
                } catch (IOException unreachable) {
                    if (Instant.now().plus(BETWEEN).isAfter(deadline)) {
                        throw new Failure(
                                ExitCode.DEPENDENCY,
                                "no judge answers at "
                                        + endpoint.baseUrl()
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
            throw interrupted(endpoint);
        }
    }
}

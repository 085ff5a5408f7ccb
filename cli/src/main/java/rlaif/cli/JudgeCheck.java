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
import rlaif.judging.http.ReviserProbe;
import rlaif.judging.revision.CompletionToRevise;
import rlaif.judging.revision.RevisionPrompts;

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
        requireAnswer(endpoint, Key.JUDGE_URL);
        try {
            return new CapabilityProbe(endpoint, wanted, pairs, BETWEEN).run();
        } catch (ProbeException unreadable) {
            throw unusable(unreadable, Key.JUDGE_URL, Key.JUDGE_MODEL);
        } catch (InterruptedException interrupted) {
            throw interrupted(endpoint);
        }
    }

    /// The same of a reviser's endpoint, which writes texts.
    static CapabilityProbe.Found probe(
            JudgeEndpoint endpoint,
            RevisionPrompts prompts,
            List<CompletionToRevise> completions,
            int maxTokens) {
        requireAnswer(endpoint, Key.REVISE_URL);
        try {
            return new ReviserProbe(endpoint, prompts, completions, maxTokens, BETWEEN).run();
        } catch (ProbeException silent) {
            throw unusable(silent, Key.REVISE_URL, Key.REVISE_MODEL);
        } catch (InterruptedException interrupted) {
            throw interrupted(endpoint);
        }
    }

    private static Failure unusable(ProbeException found, Key url, Key model) {
        return new Failure(
                ExitCode.DEPENDENCY,
                found.getMessage()
                        + ": correct "
                        + url.key()
                        + ", "
                        + model.key()
                        + " or what else the endpoint names, or choose another model",
                found);
    }

    private static Failure interrupted(JudgeEndpoint endpoint) {
        Thread.currentThread().interrupt();
        return new Failure(
                ExitCode.DEPENDENCY,
                "interrupted while waiting for an answer of " + endpoint.baseUrl());
    }

    /// Fails unless somebody answers within ten seconds; what it answers is the probe's concern.
    ///
    /// @param url setting that names the address
    private static void requireAnswer(JudgeEndpoint endpoint, Key url) {
        URI models = URI.create(endpoint.baseUrl() + "/models");
        endpoint.refusal()
                .ifPresent(refusal -> {
                    throw new ConfigurationException(url.key() + ": " + refusal);
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
                                "nobody answers at "
                                        + endpoint.baseUrl()
                                        + " (tried for "
                                        + LONGEST.toSeconds()
                                        + " s, last: "
                                        + unreachable
                                        + "): start it, or correct "
                                        + url.key(),
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

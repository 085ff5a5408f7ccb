package rlaif.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.ConfigurationException;
import rlaif.cli.config.Key;
import rlaif.judging.Presentation;
import rlaif.judging.http.CapabilityProbe;
import rlaif.judging.http.JudgeEndpoint;
import rlaif.judging.http.ProbeException;
import rlaif.judging.http.ProbePatience;
import rlaif.judging.http.ReviserProbe;
import rlaif.judging.revision.CompletionToRevise;
import rlaif.judging.revision.RevisionPrompts;

/// Whether anybody answers at the judge's URL, and how: asked before the first pair and for a
/// bounded time, so that a wrong address is one clear error.
///
/// @param longest for all that is asked at the start
/// @param progress told now and then what is waited for
record JudgeCheck(Duration longest, Consumer<String> progress) {
    /// Of whether anybody is there at all.
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);

    private static final Duration BETWEEN = Duration.ofMillis(500);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(2);

    /// As configured.
    static Duration longest(Configuration configuration) {
        return Duration.ofSeconds(configuration.whole(Key.JUDGE_PROBE_SECONDS, 1));
    }

    /// The settings of an endpoint that a person would correct.
    private record Named(Key url, Key model, Key apiKey) {
        static final Named JUDGE = new Named(Key.JUDGE_URL, Key.JUDGE_MODEL, Key.JUDGE_API_KEY_ENV);
        static final Named REVISER =
                new Named(Key.REVISE_URL, Key.REVISE_MODEL, Key.REVISE_API_KEY_ENV);
    }

    /// One way to ask it.
    private interface Probe {
        CapabilityProbe.Found run(ProbePatience patience)
                throws InterruptedException, ProbeException;
    }

    /// How the endpoint is to be asked; fails unless somebody answers and gives a verdict that can
    /// be read.
    CapabilityProbe.Found probe(
            JudgeEndpoint endpoint, CapabilityProbe.Wanted wanted, List<Presentation> pairs) {
        return probe(
                endpoint,
                Named.JUDGE,
                patience -> new CapabilityProbe(endpoint, wanted, pairs, patience).run());
    }

    /// The same of a reviser's endpoint, which writes texts.
    CapabilityProbe.Found probe(
            JudgeEndpoint endpoint,
            RevisionPrompts prompts,
            List<CompletionToRevise> completions,
            int maxTokens) {
        return probe(
                endpoint,
                Named.REVISER,
                patience ->
                        new ReviserProbe(endpoint, prompts, completions, maxTokens, patience)
                                .run());
    }

    private CapabilityProbe.Found probe(JudgeEndpoint endpoint, Named named, Probe probe) {
        endpoint.refusal()
                .ifPresent(refusal -> {
                    throw new ConfigurationException(named.url().key() + ": " + refusal);
                });
        long started = System.nanoTime();
        String waiting =
                "%s is asked how it answers, for %d s at most (%s)"
                        .formatted(
                                endpoint.baseUrl(),
                                longest.toSeconds(),
                                Key.JUDGE_PROBE_SECONDS.key());
        try (WaitingLine _ = new WaitingLine(progress, waiting, BETWEEN_LINES)) {
            requireAnswer(endpoint, named.url());
            Duration left = longest.minusNanos(System.nanoTime() - started);
            Duration some = left.compareTo(BETWEEN) > 0 ? left : BETWEEN;
            return probe.run(new ProbePatience(some, BETWEEN));
        } catch (ProbeException found) {
            throw unusable(found, endpoint, named);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Failure(
                    ExitCode.DEPENDENCY,
                    "interrupted while waiting for an answer of " + endpoint.baseUrl());
        }
    }

    private Failure unusable(ProbeException found, JudgeEndpoint endpoint, Named named) {
        String fix =
                switch (found.trouble()) {
                    case LATE ->
                            "start what is to answer there, or correct %s; for a model that takes its time raise %s (%d) and %s (%d)"
                                    .formatted(
                                            named.url().key(),
                                            Key.JUDGE_PROBE_SECONDS.key(),
                                            longest.toSeconds(),
                                            Key.JUDGE_DEADLINE_SECONDS.key(),
                                            endpoint.deadline().toSeconds());
                    case DENIED ->
                            "%s, or correct %s"
                                    .formatted(
                                            endpoint.apiKey().isPresent()
                                                    ? "correct the API key in the environment variable that %s names"
                                                            .formatted(named.apiKey().key())
                                                    : "no API key is sent: name the environment variable that holds it in %s"
                                                            .formatted(named.apiKey().key()),
                                            named.url().key());
                    case QUOTA ->
                            "raise the account's quota or credit, or name another key in the environment variable of %s"
                                    .formatted(named.apiKey().key());
                    case BUSY -> "the endpoint is busy or broken: try again later";
                    case OTHER ->
                            "correct %s, %s or what else the endpoint names, or choose another model"
                                    .formatted(named.url().key(), named.model().key());
                };
        return new Failure(ExitCode.DEPENDENCY, found.getMessage() + ": " + fix, found);
    }

    /// Fails unless somebody answers within ten seconds; what it answers is the probe's concern.
    ///
    /// @param url setting that names the address
    private void requireAnswer(JudgeEndpoint endpoint, Key url) throws InterruptedException {
        URI models = URI.create(endpoint.baseUrl() + "/models");
        Duration most = longest.compareTo(LONGEST_SILENCE) < 0 ? longest : LONGEST_SILENCE;
        Duration each = most.dividedBy(2);
        long started = System.nanoTime();
        try (HttpClient client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(each)
                        .build()) {
            while (true) {
                try {
                    // only that there is an answer counts: its body is not read
                    client.send(
                                    HttpRequest.newBuilder(models).timeout(each).build(),
                                    HttpResponse.BodyHandlers.ofInputStream())
                            .body()
                            .close();
                    return;
                } catch (IOException unreachable) {
                    if (System.nanoTime() - started + BETWEEN.toNanos() > most.toNanos()) {
                        throw new Failure(
                                ExitCode.DEPENDENCY,
                                "nobody answers at %s (tried for %d s, last: %s): start it, or correct %s"
                                        .formatted(
                                                endpoint.baseUrl(),
                                                most.toSeconds(),
                                                unreachable,
                                                url.key()),
                                unreachable);
                    }
                }
                Thread.sleep(BETWEEN);
            }
        }
    }
}

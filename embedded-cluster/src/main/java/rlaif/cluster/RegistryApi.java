package rlaif.cluster;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The two calls that the registry needs before anyone uses it.
final class RegistryApi implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration CALL_LIMIT = Duration.ofSeconds(10);
    private static final long PAUSE_MILLIS = 50;
    private static final int LAST_LINES = 5;
    private static final int OK = 200;

    private final String url;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CALL_LIMIT)
                    .build();

    RegistryApi(String url) {
        this.url = url;
    }

    /// Returns when `process` serves; fails with the end of its log when it dies or takes too long.
    void awaitServing(Process process, Path log) {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!isServing()) {
            if (!process.isAlive()) {
                throw new ClusterStartException(
                        "the schema registry ended with exit code %d while it started; the end of %s:\n%s"
                                .formatted(process.exitValue(), log, lastLines(log)));
            }
            if (System.nanoTime() > deadline) {
                throw new ClusterStartException(
                        "the schema registry at %s did not serve within %d s; the end of %s:\n%s"
                                .formatted(url, START_LIMIT.toSeconds(), log, lastLines(log)));
            }
            pause();
        }
    }

    private boolean isServing() {
        try {
            return send(request("/config").GET().build()).statusCode() == OK;
        } catch (IOException e) {
            return false;
        }
    }

    void requireFullTransitiveCompatibility() {
        HttpRequest request =
                request("/config")
                        .header("Content-Type", "application/json")
                        .PUT(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"compatibility\":\"FULL_TRANSITIVE\"}"))
                        .build();
        try {
            HttpResponse<String> response = send(request);
            if (response.statusCode() != OK) {
                throw new ClusterStartException(
                        "the schema registry refused its compatibility level: %d %s"
                                .formatted(response.statusCode(), response.body()));
            }
        } catch (IOException e) {
            throw new ClusterStartException("the schema registry at " + url + ": " + e, e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).timeout(CALL_LIMIT);
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static ClusterStartException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new ClusterStartException("interrupted while the schema registry started", e);
    }

    private static String lastLines(Path log) {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join(
                    "\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
        } catch (IOException e) {
            return "(unreadable: " + e + ")";
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}

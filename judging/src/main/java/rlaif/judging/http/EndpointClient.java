package rlaif.judging.http;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import rlaif.judging.Reply;

/// One attempt at one request, over HTTP/1.1 (the client's default upgrade to HTTP/2 makes stock
/// vLLM drop the body).
///
/// Only the configured host is ever called: redirects are refused, and so are link-local addresses.
/// A reply may have 4 MiB and, with its headers, the deadline that it is given; of those above 64
/// KiB eight are received at a time, and the others wait. The API key goes into one header and is
/// taken out of every error that the endpoint words. Safe for many threads.
public final class EndpointClient implements AutoCloseable {
    static final int MAX_REPLY_BYTES = 4 << 20;

    private static final int SMALL_REPLY_BYTES = 64 << 10;
    private static final int LARGE_REPLIES_AT_A_TIME = 8;

    private final JudgeEndpoint endpoint;
    private final HttpClient client;
    private final LargeReplies large = new LargeReplies(LARGE_REPLIES_AT_A_TIME);

    public EndpointClient(JudgeEndpoint endpoint) {
        this.endpoint = endpoint;
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(endpoint.deadline())
                        .build();
    }

    JudgeEndpoint endpoint() {
        return endpoint;
    }

    /// Blocks the calling (virtual) thread until the answer or the deadline.
    ///
    /// @param deadline longest wait, from connecting to the last byte
    public Answer post(Api api, String json, Duration deadline) throws InterruptedException {
        Optional<String> refusal = endpoint.refusal();
        if (refusal.isPresent()) {
            return new Answer.Forbidden(refusal.get());
        }
        long started = System.nanoTime();
        BoundedBody body = new BoundedBody(MAX_REPLY_BYTES, SMALL_REPLY_BYTES, large);
        CompletableFuture<HttpResponse<BoundedBody.Received>> call =
                client.sendAsync(request(api, json, deadline), _ -> body);
        try (body) {
            HttpResponse<BoundedBody.Received> response =
                    call.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
            return answer(response, Duration.ofNanos(System.nanoTime() - started));
        } catch (TimeoutException e) {
            return late(deadline);
        } catch (ExecutionException e) {
            return e.getCause() instanceof HttpTimeoutException
                    ? late(deadline) // the client's own clock may be first
                    : new Answer.Broken(Reply.Obstacle.FAULT, FailedCall.describe(e.getCause()));
        } finally {
            call.cancel(true); // of no effect on a call that has ended
        }
    }

    private static Answer late(Duration deadline) {
        return new Answer.Broken(
                Reply.Obstacle.TIMEOUT, "no reply within " + deadline.toMillis() + " ms");
    }

    private Answer answer(HttpResponse<BoundedBody.Received> response, Duration latency) {
        int status = response.statusCode();
        if (status >= 300 && status < 400) {
            String target = response.headers().firstValue("location").orElse("");
            return new Answer.Forbidden(
                    "status %d: redirects are refused; configure the URL that the endpoint moved to%s"
                            .formatted(
                                    status,
                                    target.isEmpty() ? "" : " (it says " + excerpt(target) + ")"));
        }
        return switch (response.body()) {
            case BoundedBody.Received.TooLarge _ ->
                    new Answer.TooLarge(
                            "status %d with more than %d bytes".formatted(status, MAX_REPLY_BYTES));
            case BoundedBody.Received.Text(String text) ->
                    status == 200
                            ? new Answer.Complete(text, latency)
                            : new Answer.Rejected(
                                    status,
                                    excerpt(text),
                                    Denial.in(status, text),
                                    after(response));
        };
    }

    private String excerpt(String text) {
        return BodyExcerpt.of(endpoint.apiKey().removedFrom(text));
    }

    private static Duration after(HttpResponse<?> response) {
        return response.headers()
                .firstValue("retry-after")
                .map(value -> RetryAfter.parse(value, Instant.now()))
                .orElse(Duration.ZERO);
    }

    private HttpRequest request(Api api, String json, Duration deadline) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(endpoint.uri(api))
                        .timeout(deadline)
                        .header("Content-Type", "application/json")
                        .header("Accept", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json));
        if (endpoint.apiKey().isPresent()) {
            request.header("Authorization", endpoint.apiKey().authorization());
        }
        return request.build();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}

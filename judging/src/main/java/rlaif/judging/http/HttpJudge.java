package rlaif.judging.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import rlaif.judging.Judge;
import rlaif.judging.JudgePrompt;
import rlaif.judging.Presentation;
import rlaif.judging.Reply;

/// The judge behind an OpenAI-compatible chat endpoint, over HTTP/1.1 (the client's default upgrade
/// to HTTP/2 makes stock vLLM drop the body).
///
/// One request a call: temperature 0, one token, its 20 likeliest alternatives. Redirects are
/// refused and a reply may have 4 MiB.
public final class HttpJudge implements Judge, AutoCloseable {
    private static final int MAX_REPLY_BYTES = 4 << 20;
    private static final int TOP_LOGPROBS = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JudgeEndpoint endpoint;
    private final JudgePrompt prompt;
    private final HttpClient client;

    public HttpJudge(JudgeEndpoint endpoint, JudgePrompt prompt) {
        this.endpoint = endpoint;
        this.prompt = prompt;
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(endpoint.deadline())
                        .build();
    }

    @Override
    public String name() {
        return endpoint.name();
    }

    @Override
    public String model() {
        return endpoint.model();
    }

    @Override
    public String templateHash() {
        return prompt.hash();
    }

    @Override
    public Reply ask(Presentation presentation) throws InterruptedException {
        String body = requestBody(presentation);
        long started = System.nanoTime();
        CompletableFuture<HttpResponse<BoundedBody.Received>> call =
                client.sendAsync(request(body), _ -> new BoundedBody(MAX_REPLY_BYTES));
        try {
            HttpResponse<BoundedBody.Received> response =
                    call.get(endpoint.deadline().toNanos(), TimeUnit.NANOSECONDS);
            Duration latency = Duration.ofNanos(System.nanoTime() - started);
            return switch (response.body()) {
                case BoundedBody.Received.TooLarge _ ->
                        new Reply.Refused(
                                "status %d with more than %d bytes"
                                        .formatted(response.statusCode(), MAX_REPLY_BYTES));
                case BoundedBody.Received.Text(String text) -> read(response, body, text, latency);
            };
        } catch (TimeoutException e) {
            return new Reply.RetryLater(
                    Reply.Obstacle.TIMEOUT,
                    "no reply within " + endpoint.deadline().toMillis() + " ms",
                    Duration.ZERO);
        } catch (ExecutionException e) {
            return new Reply.RetryLater(
                    e.getCause() instanceof HttpTimeoutException
                            ? Reply.Obstacle.TIMEOUT
                            : Reply.Obstacle.FAULT,
                    FailedCall.describe(e.getCause()),
                    Duration.ZERO);
        } finally {
            call.cancel(true); // of no effect on a call that has ended
        }
    }

    private Reply read(HttpResponse<?> response, String request, String text, Duration latency) {
        int status = response.statusCode();
        if (status == 200) {
            return VerdictReader.read(request, text, latency);
        }
        String cause = "status " + status + ": " + BodyExcerpt.of(text);
        if (status == 429 || status >= 500) {
            Duration after =
                    response.headers()
                            .firstValue("retry-after")
                            .map(value -> RetryAfter.parse(value, Instant.now()))
                            .orElse(Duration.ZERO);
            return new Reply.RetryLater(Reply.Obstacle.ofStatus(status), cause, after);
        }
        if (status >= 300 && status < 400) {
            return new Reply.Refused(
                    "status " + status + ": redirects are refused; configure the final URL");
        }
        return new Reply.Refused(cause);
    }

    private HttpRequest request(String body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(endpoint.chatCompletions())
                        .timeout(endpoint.deadline())
                        .header("Content-Type", "application/json")
                        .header("Accept", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        if (endpoint.apiKey().isPresent()) {
            request.header("Authorization", endpoint.apiKey().authorization());
        }
        return request.build();
    }

    private String requestBody(Presentation presentation) {
        ObjectNode body = JSON.createObjectNode();
        body.put("model", endpoint.model());
        body.putArray("messages")
                .addObject()
                .put("role", "user")
                .put("content", prompt.text(presentation));
        body.put("temperature", 0);
        body.put("max_tokens", 1);
        body.put("logprobs", true);
        body.put("top_logprobs", TOP_LOGPROBS);
        return body.toString();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}

package rlaif.judging.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import rlaif.judging.revision.CompletionToRevise;
import rlaif.judging.revision.Reviser;
import rlaif.judging.revision.RevisionPrompts;
import rlaif.judging.revision.WritingReply;

/// The reviser behind an OpenAI-compatible chat endpoint.
///
/// One request a text, temperature 0: the same completion under the same principle gets the same
/// critique.
public final class HttpReviser implements Reviser, AutoCloseable {
    private static final int MAX_REPLY_BYTES = 4 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JudgeEndpoint endpoint;
    private final RevisionPrompts prompts;
    private final int maxTokens;
    private final HttpClient client;

    /// @param maxTokens longest text, at least 1
    public HttpReviser(JudgeEndpoint endpoint, RevisionPrompts prompts, int maxTokens) {
        if (maxTokens < 1) {
            throw new IllegalArgumentException("maxTokens must be at least 1, got " + maxTokens);
        }
        this.endpoint = endpoint;
        this.prompts = prompts;
        this.maxTokens = maxTokens;
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
        return prompts.hash();
    }

    @Override
    public WritingReply critique(CompletionToRevise completion) throws InterruptedException {
        return write(prompts.critique(completion));
    }

    @Override
    public WritingReply revise(CompletionToRevise completion, String critique)
            throws InterruptedException {
        return write(prompts.revision(completion, critique));
    }

    private WritingReply write(RevisionPrompts.Marked prompt) throws InterruptedException {
        long started = System.nanoTime();
        CompletableFuture<HttpResponse<BoundedBody.Received>> call =
                client.sendAsync(request(prompt.text()), _ -> new BoundedBody(MAX_REPLY_BYTES));
        try {
            HttpResponse<BoundedBody.Received> response =
                    call.get(endpoint.deadline().toNanos(), TimeUnit.NANOSECONDS);
            Duration latency = Duration.ofNanos(System.nanoTime() - started);
            return switch (response.body()) {
                case BoundedBody.Received.TooLarge _ ->
                        new WritingReply.Refused("more than %d bytes".formatted(MAX_REPLY_BYTES));
                case BoundedBody.Received.Text(String text) ->
                        read(response, text, prompt.nonce(), latency);
            };
        } catch (TimeoutException e) {
            return new WritingReply.RetryLater(
                    "no reply within " + endpoint.deadline().toMillis() + " ms", Duration.ZERO);
        } catch (ExecutionException e) {
            return new WritingReply.RetryLater(FailedCall.describe(e.getCause()), Duration.ZERO);
        } finally {
            call.cancel(true);
        }
    }

    private static WritingReply read(
            HttpResponse<?> response, String text, String nonce, Duration latency) {
        int status = response.statusCode();
        if (status == 200) {
            return written(text, nonce, latency);
        }
        String cause = "status " + status + ": " + BodyExcerpt.of(text);
        if (status == 429 || status >= 500) {
            return new WritingReply.RetryLater(
                    cause,
                    response.headers()
                            .firstValue("retry-after")
                            .map(value -> RetryAfter.parse(value, Instant.now()))
                            .orElse(Duration.ZERO));
        }
        return new WritingReply.Refused(cause);
    }

    private static WritingReply written(String body, String nonce, Duration latency) {
        JsonNode reply;
        try {
            reply = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return new WritingReply.RetryLater(
                    "reply is not JSON: " + BodyExcerpt.of(body), Duration.ZERO);
        }
        JsonNode choice = reply.path("choices").path(0);
        String text = choice.path("message").path("content").asText("");
        if (text.contains(nonce)) {
            return new WritingReply.Refused("the text repeats the marks of its prompt");
        }
        return new WritingReply.Written(
                text,
                choice.path("finish_reason").asText("").equals("length"),
                latency,
                OptionalInt.empty(),
                OptionalInt.empty());
    }

    private HttpRequest request(String message) {
        ObjectNode body = JSON.createObjectNode();
        body.put("model", endpoint.model());
        body.putArray("messages").addObject().put("role", "user").put("content", message);
        body.put("temperature", 0);
        body.put("max_tokens", maxTokens);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(endpoint.chatCompletions())
                        .timeout(endpoint.deadline())
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
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

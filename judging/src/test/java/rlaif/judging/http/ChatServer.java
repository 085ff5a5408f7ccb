package rlaif.judging.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import rlaif.judging.JudgePrompt;

/// An HTTP server on loopback that answers each request as a test says.
public final class ChatServer implements AutoCloseable {
    /// One answer.
    public interface Answer {
        void to(HttpExchange exchange, JsonNode body) throws IOException, InterruptedException;
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    public final List<JsonNode> bodies = new CopyOnWriteArrayList<>();
    final List<String> paths = new CopyOnWriteArrayList<>();
    final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    public ChatServer(Answer answer) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext(
                "/v1/",
                exchange -> {
                    try (exchange) {
                        JsonNode body = JSON.readTree(exchange.getRequestBody());
                        bodies.add(body);
                        paths.add(exchange.getRequestURI().getPath());
                        authorizations.add(
                                String.valueOf(
                                        exchange.getRequestHeaders().getFirst("Authorization")));
                        answer.to(exchange, body);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
    }

    HttpJudge judge(Duration deadline) {
        return new HttpJudge(endpoint(deadline), JudgePrompt.shipped());
    }

    JudgeEndpoint endpoint() {
        return endpoint(Duration.ofSeconds(10));
    }

    public JudgeEndpoint endpoint(Duration deadline) {
        return new JudgeEndpoint("test", uri(), "test-model", ApiKey.none(), deadline);
    }

    /// A chat completion of several replies without log-probabilities.
    public static String texts(String... texts) {
        ObjectNode body = JSON.createObjectNode();
        ArrayNode choices = body.putArray("choices");
        for (String text : texts) {
            ObjectNode choice = choices.addObject();
            choice.put("index", choices.size() - 1).putNull("logprobs");
            choice.put("finish_reason", "stop");
            choice.put("text", text); // of completions; servers send one of the two
            choice.putObject("message").put("role", "assistant").put("content", text);
        }
        body.putObject("usage").put("prompt_tokens", 100).put("completion_tokens", 7);
        return body.toString();
    }

    /// The same, each cut at the token limit.
    static String cut(String... texts) {
        return texts(texts).replace("\"stop\"", "\"length\"");
    }

    public static void reply(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /// A chat completion whose first token has these alternatives, each `"token", logprob`.
    public static String chat(String topLogprobs) {
        return """
        {"id":"x","object":"chat.completion","choices":[{"index":0,
         "message":{"role":"assistant","content":"1"},"finish_reason":"length",
         "logprobs":{"content":[{"token":"1","logprob":-0.1,"top_logprobs":[%s]}]}}],
         "usage":{"prompt_tokens":120,"completion_tokens":1}}\
        """
                .formatted(topLogprobs);
    }

    public static String chat(double probability1) {
        return chat(
                "{\"token\":\"1\",\"logprob\":%s},{\"token\":\"2\",\"logprob\":%s}"
                        .formatted(Math.log(probability1), Math.log(1 - probability1)));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}

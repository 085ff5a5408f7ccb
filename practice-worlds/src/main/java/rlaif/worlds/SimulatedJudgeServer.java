package rlaif.worlds;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The simulated judge as an HTTP server with the shape of OpenAI's chat completions and
/// completions.
///
/// It compares, scores, reasons, criticises and revises, whichever its template asks for.
///
/// It listens on loopback, answers every call on a virtual thread, and keeps connections alive.
public final class SimulatedJudgeServer implements AutoCloseable {
    /// The model's name in `/v1/models`; a request may use any other, which the reply echoes.
    public static final String MODEL = "simulated";

    private static final String CHAT = "/v1/chat/completions";
    private static final String COMPLETIONS = "/v1/completions";
    private static final int MAX_REQUEST_BYTES = 4 << 20;
    private static final int BACKLOG = 1024;

    static {
        // Read once, when the JDK's server class loads. Without the first, small replies wait for
        // the client's delayed acknowledgement; the others keep a pool of idle connections open.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "4096");
        System.setProperty("sun.net.httpserver.idleInterval", "300");
    }

    private final ObjectMapper json = new ObjectMapper();
    private final JudgeReply reply;
    private final HttpServer server;
    private final ExecutorService threads;

    private SimulatedJudgeServer(JudgeReply reply, HttpServer server, ExecutorService threads) {
        this.reply = reply;
        this.server = server;
        this.threads = threads;
    }

    /// Starts a server.
    ///
    /// @param principleIdByText the constitution: which principle a text of it belongs to
    /// @param port to listen on; 0 for a free one
    public static SimulatedJudgeServer start(
            PracticeWorld world, Labeler labeler, Map<String, String> principleIdByText, int port) {
        HttpServer http;
        try {
            http =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the simulated judge cannot listen on 127.0.0.1:"
                            + port
                            + ": choose another port, or 0 for a free one",
                    e);
        }
        JudgeReply reply =
                new JudgeReply(new ObjectMapper(), new TaskDesk(world, labeler, principleIdByText));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        SimulatedJudgeServer server = new SimulatedJudgeServer(reply, http, threads);
        http.setExecutor(threads);
        http.createContext("/", server::answer);
        http.start();
        return server;
    }

    /// The base URL of the endpoint, to be used as the judge's URL.
    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] request = exchange.getRequestBody().readNBytes(MAX_REQUEST_BYTES + 1);
            try {
                send(exchange, 200, route(exchange, request));
            } catch (RefusedRequestException e) {
                send(exchange, e.status(), e.body(json));
            }
        }
    }

    private ObjectNode route(HttpExchange exchange, byte[] request) {
        String path = exchange.getRequestURI().getPath();
        String method =
                switch (path) {
                    case CHAT, COMPLETIONS -> "POST";
                    case "/v1/models" -> "GET";
                    default ->
                            throw new RefusedRequestException(
                                    404,
                                    "no '"
                                            + path
                                            + "' here: use POST "
                                            + CHAT
                                            + ", POST "
                                            + COMPLETIONS
                                            + " or GET /v1/models");
                };
        if (!exchange.getRequestMethod().equals(method)) {
            throw new RefusedRequestException(405, path + " takes " + method);
        }
        if (request.length > MAX_REQUEST_BYTES) {
            throw new RefusedRequestException(
                    413, "the request is larger than " + MAX_REQUEST_BYTES + " bytes");
        }
        return switch (path) {
            case CHAT -> reply.toChat(request);
            case COMPLETIONS -> reply.toCompletion(request);
            default -> reply.models();
        };
    }

    private void send(HttpExchange exchange, int status, ObjectNode body) throws IOException {
        byte[] bytes = json.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}

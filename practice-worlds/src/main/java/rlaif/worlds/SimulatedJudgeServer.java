package rlaif.worlds;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

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
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(30);
    private static final String HTML =
            "<html><head><title>502 Bad Gateway</title></head><body>nothing to see</body></html>";

    static {
        // Read once, when the JDK's server class loads. Without the first, small replies wait for
        // the client's delayed acknowledgement; the others keep a pool of idle connections open.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "4096");
        System.setProperty("sun.net.httpserver.idleInterval", "300");
    }

    private final ObjectMapper json = new ObjectMapper();
    private final JudgeReply reply;
    private final Faults faults;
    private final FaultDraw draw;
    private final TrafficCount traffic = new TrafficCount();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final HttpServer server;
    private final ExecutorService threads;

    private SimulatedJudgeServer(
            JudgeReply reply, Faults faults, HttpServer server, ExecutorService threads) {
        this.reply = reply;
        this.faults = faults;
        this.draw = new FaultDraw(faults);
        this.server = server;
        this.threads = threads;
    }

    /// Starts a server.
    ///
    /// @param principleIdByText the constitution: which principle a text of it belongs to
    /// @param port to listen on; 0 for a free one
    public static SimulatedJudgeServer start(
            PracticeWorld world, Labeler labeler, Map<String, String> principleIdByText, int port) {
        return start(world, labeler, principleIdByText, port, Faults.none());
    }

    /// Starts a server that has faults.
    public static SimulatedJudgeServer start(
            PracticeWorld world,
            Labeler labeler,
            Map<String, String> principleIdByText,
            int port,
            Faults faults) {
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
        SimulatedJudgeServer server = new SimulatedJudgeServer(reply, faults, http, threads);
        http.setExecutor(threads);
        http.createContext("/", server::answer);
        http.start();
        return server;
    }

    /// The base URL of the endpoint, to be used as the judge's URL.
    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
    }

    /// What it has seen since its start.
    public Traffic traffic() {
        return traffic.now();
    }

    /// Stops; whoever still waits for a reply gets none.
    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] request = exchange.getRequestBody().readNBytes(MAX_REQUEST_BYTES + 1);
            if (!exchange.getRequestMethod().equals("POST")) {
                send(exchange, status(exchange, request), Fate.GOOD);
                return;
            }
            traffic.enter();
            Fate.Outcome outcome = Fate.Outcome.UNANSWERED;
            try {
                outcome = meet(draw.of(request), exchange, request);
            } finally {
                traffic.leave(outcome);
            }
        }
    }

    /// Lets the request meet its fate, and says what came of it.
    private Fate.Outcome meet(Fate fate, HttpExchange exchange, byte[] request) throws IOException {
        boolean silent = fate.outcome() == Fate.Outcome.UNANSWERED;
        if (closesWithin(silent ? LONGEST_SILENCE : fate.delay()) || silent) {
            return Fate.Outcome.UNANSWERED;
        }
        Answered answered =
                switch (fate.outcome()) {
                    case REPLY, MALFORMED, UNANSWERED -> status(exchange, request);
                    case TOO_MANY_REQUESTS -> refusal(429, "too many requests: slow down");
                    case SERVER_ERROR -> refusal(500, "the simulated fault of this request");
                };
        send(exchange, answered, fate);
        return answered.status() < 400 || fate.outcome() == Fate.Outcome.TOO_MANY_REQUESTS
                ? fate.outcome()
                : Fate.Outcome.SERVER_ERROR;
    }

    /// Whether the server closes while a request waits for so long.
    private boolean closesWithin(Duration wait) {
        if (wait.isZero()) {
            return false;
        }
        try {
            return closing.await(wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /// What is sent back.
    private record Answered(int status, ObjectNode body) {}

    private Answered status(HttpExchange exchange, byte[] request) {
        try {
            return new Answered(200, route(exchange, request));
        } catch (RefusedRequestException e) {
            return new Answered(e.status(), e.body(json));
        }
    }

    private Answered refusal(int status, String message) {
        return new Answered(status, new RefusedRequestException(status, message).body(json));
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

    private void send(HttpExchange exchange, Answered answered, Fate fate) throws IOException {
        if (fate.hidesLogprobs()) {
            ReplyShape.hideLogprobs(answered.body());
        }
        byte[] bytes = json.writeValueAsBytes(answered.body());
        if (fate.outcome() == Fate.Outcome.MALFORMED) {
            bytes = malformed(bytes, fate.draw());
        }
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", "application/json");
        if (answered.status() == 429 && !faults.retryAfter().isZero()) {
            headers.set("Retry-After", Long.toString(Math.max(1, faults.retryAfter().toSeconds())));
        }
        exchange.sendResponseHeaders(answered.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /// Half of the reply, a page of HTML, or nothing.
    private static byte[] malformed(byte[] reply, long draw) {
        return switch (Math.floorMod(draw, 3)) {
            case 0 -> Arrays.copyOf(reply, reply.length / 2);
            case 1 -> HTML.getBytes(StandardCharsets.UTF_8);
            default -> new byte[0];
        };
    }
}

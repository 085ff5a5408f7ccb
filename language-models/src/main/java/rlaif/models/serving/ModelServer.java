package rlaif.models.serving;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A model behind OpenAI's HTTP interface: `GET /v1/models`, `POST /v1/chat/completions` and `POST
/// /v1/completions`.
///
/// Every request has a virtual thread, one thread computes for all. At most as many calls are held
/// as can run and wait together; the next is told to come again. Logprobs are the model's own,
/// whatever the temperature.
public final class ModelServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ModelServer.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /// Longest body of a request.
    static final int MOST_BODY_BYTES = 1 << 20;

    private static final int BACKLOG = 1024;
    private static final Duration GRACE = Duration.ofSeconds(10);

    static {
        // Read once, when the JDK's server class loads: without the first, small answers wait for
        // the client's delayed acknowledgement; the others bound what idle, slow and stalled
        // clients hold (seconds).
        setIfAbsent("sun.net.httpserver.nodelay", "true");
        setIfAbsent("sun.net.httpserver.maxIdleConnections", "1024");
        setIfAbsent("sun.net.httpserver.idleInterval", "60");
        setIfAbsent("sun.net.httpserver.maxReqTime", "60");
        setIfAbsent("sun.net.httpserver.maxRspTime", "1800");
        setIfAbsent("jdk.httpserver.maxConnections", "2048");
    }

    private final ServerAddress address;
    private final Generator generator;
    private final Semaphore places;
    private final int mostPlaces;
    private final int mostChoices;
    private final HttpServer http;
    private final ExecutorService threads;
    private ServedModel model; // guarded by this

    private ModelServer(
            ServerAddress address, ServingSettings settings, ServedModel model, HttpServer http) {
        this.address = address;
        this.model = model;
        this.http = http;
        this.mostChoices = settings.mostRunning();
        this.mostPlaces = settings.mostRunning() + settings.mostWaiting();
        this.places = new Semaphore(mostPlaces);
        this.generator = new Generator(settings);
        this.threads = Executors.newVirtualThreadPerTaskExecutor();
    }

    /// Starts serving a model, which it owns from now on.
    ///
    /// @throws UncheckedIOException when it cannot listen there
    public static ModelServer start(
            ServerAddress address, ServingSettings settings, ServedModel model) {
        HttpServer http;
        try {
            http =
                    HttpServer.create(
                            new InetSocketAddress(address.host(), address.port()), BACKLOG);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot listen on %s: %s; choose another port, or 0 for a free one"
                            .formatted(address.authority(address.port()), e.getMessage()),
                    e);
        }
        ModelServer server = new ModelServer(address, settings, model, http);
        http.setExecutor(server.threads);
        http.createContext("/", server::answer);
        http.start();
        return server;
    }

    /// The base URL that clients are given: `http://host:port/v1`.
    public URI uri() {
        return URI.create("http://" + address.authority(http.getAddress().getPort()) + "/v1");
    }

    /// Serves another model from the next request on; calls under way end with the one they began
    /// with.
    public void replace(ServedModel newer) {
        ServedModel older;
        synchronized (this) {
            older = model;
            model = newer;
        }
        older.release();
    }

    private synchronized ServedModel retained() {
        if (!model.retain()) {
            throw RefusedCallException.server(503, "closing", "the server is closing");
        }
        return model;
    }

    private void answer(HttpExchange exchange) {
        try (exchange) {
            try {
                route(exchange);
            } catch (RefusedCallException refused) {
                refuse(exchange, refused);
            } catch (InterruptedException closing) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException bug) {
                LOG.error("a request broke", bug);
                refuse(
                        exchange,
                        RefusedCallException.server(
                                500,
                                "internal_error",
                                "the server made a mistake; its log says more"));
            }
        } catch (IOException gone) {
            LOG.debug("a client went away: {}", gone.toString());
        }
    }

    private void route(HttpExchange exchange) throws IOException, InterruptedException {
        requireAdmitted(exchange);
        String path = exchange.getRequestURI().getPath();
        switch (path) {
            case "/v1/models" -> {
                requireMethod(exchange, "GET");
                models(exchange, "");
            }
            case "/v1/chat/completions" -> {
                requireMethod(exchange, "POST");
                generate(exchange, true);
            }
            case "/v1/completions" -> {
                requireMethod(exchange, "POST");
                generate(exchange, false);
            }
            default -> {
                if (!path.startsWith("/v1/models/")) {
                    throw RefusedCallException.invalid(
                            404,
                            "",
                            "unknown_url",
                            "nothing is served at %s: there are GET /v1/models, POST /v1/chat/completions and POST /v1/completions"
                                    .formatted(path));
                }
                requireMethod(exchange, "GET");
                models(exchange, path.substring("/v1/models/".length()));
            }
        }
    }

    /// A page in somebody's browser must not ask a server that listens for its machine alone.
    private void requireAdmitted(HttpExchange exchange) {
        String host = header(exchange, "Host").replaceFirst(":\\d+$", "");
        boolean page = exchange.getRequestHeaders().containsKey("Origin");
        if (address.isLocal() && (page || !ServerAddress.isLoopback(host))) {
            throw RefusedCallException.invalid(
                    403,
                    "",
                    "forbidden",
                    "this server answers programs of its own machine, by the name 127.0.0.1 or localhost");
        }
        if (!address.admits(header(exchange, "Authorization"))) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
            throw RefusedCallException.invalid(
                    401,
                    "",
                    "invalid_api_key",
                    "send the server's token: Authorization: Bearer ...");
        }
    }

    private static String header(HttpExchange exchange, String name) {
        return Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst(name), "");
    }

    private static void requireMethod(HttpExchange exchange, String method) {
        if (!exchange.getRequestMethod().equals(method)) {
            exchange.getResponseHeaders().set("Allow", method);
            throw RefusedCallException.invalid(
                    405,
                    "",
                    "method_not_allowed",
                    exchange.getRequestURI().getPath() + " takes " + method);
        }
    }

    /// @param wanted the only model to be shown; empty: the list
    private void models(HttpExchange exchange, String wanted) throws IOException {
        ServedModel served = retained();
        try {
            ObjectNode shown = JSON.createObjectNode();
            shown.put("id", served.name());
            shown.put("object", "model");
            shown.put("created", served.loaded().getEpochSecond());
            shown.put("owned_by", "rlaif");
            shown.put("version", served.version());
            shown.put("max_model_len", served.maxPositions());
            if (wanted.isEmpty()) {
                ObjectNode list = JSON.createObjectNode();
                list.put("object", "list");
                list.putArray("data").add(shown);
                send(exchange, 200, list);
            } else if (wanted.equals(served.name())) {
                send(exchange, 200, shown);
            } else {
                throw RefusedCallException.invalid(
                        404,
                        "model",
                        "model_not_found",
                        "no such model here: this server has " + served.name());
            }
        } finally {
            served.release();
        }
    }

    private void generate(HttpExchange exchange, boolean chat)
            throws IOException, InterruptedException {
        if (!places.tryAcquire()) {
            throw RefusedCallException.busy("too many calls at once: try again");
        }
        try {
            byte[] body = body(exchange);
            ServedModel served = retained();
            try {
                Call call =
                        chat
                                ? CallReader.chat(body, served, mostChoices)
                                : CallReader.completion(body, served, mostChoices);
                GeneratedCall generated = new GeneratedCall(call);
                generator.submit(generated);
                new CallAnswer(exchange, call, generated).send();
            } finally {
                served.release();
            }
        } finally {
            places.release();
        }
    }

    private static byte[] body(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(MOST_BODY_BYTES + 1);
        if (body.length > MOST_BODY_BYTES) {
            throw RefusedCallException.invalid(
                    413,
                    "",
                    "request_too_large",
                    "the body is larger than " + MOST_BODY_BYTES + " bytes");
        }
        return body;
    }

    private static void refuse(HttpExchange exchange, RefusedCallException refused)
            throws IOException {
        if (exchange.getResponseCode() != -1) {
            throw new IOException("refused after the answer had begun", refused);
        }
        if (refused.status() == 429) {
            exchange.getResponseHeaders().set("Retry-After", "1");
        }
        send(exchange, refused.status(), refused.body());
    }

    private static void send(HttpExchange exchange, int status, ObjectNode body)
            throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /// Takes no more, lets what is under way come to its end for a while, and frees the model.
    @Override
    public void close() {
        int all = places.drainPermits();
        try {
            int held = mostPlaces - all;
            if (held > 0 && places.tryAcquire(held, GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("all calls have ended");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        generator.close();
        http.stop(0);
        threads.shutdownNow();
        threads.close();
        synchronized (this) {
            model.release();
        }
    }

    private static void setIfAbsent(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}

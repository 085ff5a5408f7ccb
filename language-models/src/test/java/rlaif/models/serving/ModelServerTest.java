package rlaif.models.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.models.TensorThread;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;

class ModelServerTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CAT = "{\"model\":\"tiny\",\"prompt\":\"the cat\"";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private ServedModel served;
    private ModelServer server;

    @BeforeEach
    void start() {
        served = TinyModel.served("tiny-1");
        server = ModelServer.start(ServerAddress.local(0), ServingSettings.DEFAULT, served);
    }

    @AfterEach
    void stop() {
        server.close();
        client.close();
    }

    @Test
    void listsItsModel() throws Exception {
        JsonNode list = JSON.readTree(get("models").body());
        assertThat(list.path("object").asText()).isEqualTo("list");
        assertThat(list.at("/data/0/id").asText()).isEqualTo("tiny");
        assertThat(list.at("/data/0/max_model_len").asInt()).isEqualTo(32);
        assertThat(get("models/tiny").body()).contains("\"version\":\"tiny-1\"");
        assertThat(get("models/other").statusCode()).isEqualTo(404);
    }

    @Test
    void completionHasTheLogprobsOfAForwardPass() throws Exception {
        JsonNode reply =
                ok("completions", CAT + ",\"max_tokens\":1,\"temperature\":0,\"logprobs\":20}");
        JsonNode logprobs = reply.at("/choices/0/logprobs");
        double[] wanted = nextLogprobs(2, 4, 5);
        assertThat(logprobs.path("top_logprobs").path(0).size()).isEqualTo(20);
        String token = logprobs.path("tokens").path(0).asText();
        int id = served.tokenizer().encode(token)[0];
        assertThat(logprobs.path("token_logprobs").path(0).asDouble())
                .isEqualTo(wanted[id], within(1e-4));
        double largest = Double.NEGATIVE_INFINITY;
        for (double logprob : wanted) {
            largest = Math.max(largest, logprob);
        }
        assertThat(wanted[id]).isEqualTo(largest);
        assertThat(reply.at("/usage/prompt_tokens").asInt()).isEqualTo(3);
        assertThat(reply.at("/usage/total_tokens").asInt()).isEqualTo(4);
        assertThat(reply.path("object").asText()).isEqualTo("text_completion");
    }

    @Test
    void chatPutsEachTokenBesideItsRivals() throws Exception {
        JsonNode reply =
                ok(
                        "chat/completions",
                        "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"the cat\"}]}],"
                                + "\"max_completion_tokens\":4,\"logprobs\":true,\"top_logprobs\":5,\"seed\":4}");
        JsonNode choice = reply.at("/choices/0");
        assertThat(choice.at("/message/role").asText()).isEqualTo("assistant");
        JsonNode content = choice.at("/logprobs/content");
        assertThat(content.size()).isEqualTo(reply.at("/usage/completion_tokens").asInt());
        StringBuilder joined = new StringBuilder();
        for (JsonNode token : content) {
            assertThat(token.path("top_logprobs").size()).isEqualTo(5);
            byte[] bytes = new byte[token.path("bytes").size()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) token.path("bytes").path(i).asInt();
            }
            assertThat(new String(bytes, StandardCharsets.UTF_8))
                    .isEqualTo(token.path("token").asText());
            joined.append(token.path("token").asText());
        }
        assertThat(joined.toString().replaceAll(" ?<\\w+>", ""))
                .isEqualTo(choice.at("/message/content").asText());
    }

    @Test
    void aChatGoesThroughTheChatTemplateAndACompletionDoesNot(@TempDir Path folder)
            throws Exception {
        server.close();
        Files.copy(served.tokenizer().file(), folder.resolve("tokenizer.json"));
        Files.writeString(
                folder.resolve("chat_template.jinja"),
                "{% if messages | length > 1 %}{{ raise_exception('one message') }}{% endif %}"
                        + "user : {{ messages[0].content }} assistant :");
        served =
                new ServedModel(
                        "tiny",
                        "tiny-2",
                        TinyModel.model(),
                        Tokenizer.load(folder),
                        ChatFormat.PLAIN);
        server = ModelServer.start(ServerAddress.local(0), ServingSettings.DEFAULT, served);
        String hello = "{\"role\":\"user\",\"content\":\"the cat\"}";
        String chat = "{\"model\":\"tiny\",\"max_tokens\":1,\"messages\":[";
        assertThat(ok("chat/completions", chat + hello + "]}").at("/usage/prompt_tokens").asInt())
                .isEqualTo(6); // user : the cat assistant :
        assertThat(ok("completions", CAT + ",\"max_tokens\":1}").at("/usage/prompt_tokens").asInt())
                .isEqualTo(3); // <bos> the cat
        refused("chat/completions", chat + hello + "," + hello + "]}", 400, "one message");
    }

    @Test
    void theSameSeedGivesTheSameTextAndChoicesDiffer() throws Exception {
        String body = CAT + ",\"max_tokens\":12,\"n\":8,\"seed\":5}";
        JsonNode first = ok("completions", body).path("choices");
        assertThat(ok("completions", body).path("choices")).isEqualTo(first);
        assertThat(first.findValuesAsText("text").stream().distinct().count()).isGreaterThan(4);
        assertThat(first.findValuesAsText("index"))
                .containsExactly("0", "1", "2", "3", "4", "5", "6", "7");
    }

    @Test
    void streamSaysWhatTheWholeAnswerSays() throws Exception {
        String body =
                "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"the cat\"}],\"max_tokens\":9,\"seed\":8,\"n\":2,\"logprobs\":true";
        JsonNode whole = ok("chat/completions", body + "}");
        List<String> events =
                post(
                                "chat/completions",
                                body
                                        + ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}")
                        .body()
                        .lines()
                        .filter(line -> !line.isEmpty())
                        .toList();
        assertThat(events).allSatisfy(line -> assertThat(line).startsWith("data: "));
        assertThat(events.getLast()).isEqualTo("data: [DONE]");
        StringBuilder[] texts = {new StringBuilder(), new StringBuilder()};
        String[] reasons = new String[2];
        int[] scored = new int[2];
        for (String event : events.subList(0, events.size() - 2)) {
            JsonNode choice = JSON.readTree(event.substring(6)).at("/choices/0");
            int index = choice.path("index").asInt();
            texts[index].append(choice.at("/delta/content").asText());
            scored[index] += choice.at("/logprobs/content").size();
            if (choice.hasNonNull("finish_reason")) {
                reasons[index] = choice.path("finish_reason").asText();
            }
        }
        for (int i = 0; i < 2; i++) {
            JsonNode choice = whole.at("/choices/" + i);
            assertThat(texts[i].toString()).isEqualTo(choice.at("/message/content").asText());
            assertThat(reasons[i]).isEqualTo(choice.path("finish_reason").asText());
            assertThat(scored[i]).isEqualTo(choice.at("/logprobs/content").size());
        }
        JsonNode usage = JSON.readTree(events.get(events.size() - 2).substring(6));
        assertThat(usage.path("usage")).isEqualTo(whole.path("usage"));
    }

    @Test
    void stopEndsBeforeItsString() throws Exception {
        String text =
                ok("completions", CAT + ",\"max_tokens\":12,\"temperature\":0}")
                        .at("/choices/0/text")
                        .asText();
        String second = text.split(" ", -1)[1];
        JsonNode choice =
                ok(
                                "completions",
                                CAT
                                        + ",\"max_tokens\":12,\"temperature\":0,\"stop\":[\"nothing\",\""
                                        + second
                                        + "\"]}")
                        .at("/choices/0");
        assertThat(choice.path("text").asText()).isEqualTo(text.split(" ", -1)[0] + " ");
        assertThat(choice.path("finish_reason").asText()).isEqualTo("stop");
    }

    @Test
    void promptsMayBeSeveralAndTokenIdsAndEchoed() throws Exception {
        JsonNode choices =
                ok(
                                "completions",
                                "{\"model\":\"tiny\",\"prompt\":[[4,5],[4]],\"echo\":true,\"max_tokens\":2,\"n\":2}")
                        .path("choices");
        assertThat(choices.size()).isEqualTo(4);
        assertThat(choices.path(1).path("text").asText()).startsWith("the cat");
        assertThat(choices.path(2).path("text").asText()).startsWith("the");
    }

    @Test
    void mistakesAreNamedInOpenAiShape() throws Exception {
        refused("completions", "{\"model\":", 400, "line 1");
        refused("completions", "[1]", 400, "not a JSON object");
        refused("completions", "{\"prompt\":\"a\"}", 400, "this server has tiny");
        refused("completions", "{\"model\":\"gpt\",\"prompt\":\"a\"}", 404, "gpt");
        refused("completions", CAT + ",\"temprature\":1}", 400, "temprature");
        refused("completions", CAT + ",\"temperature\":-1}", 400, "temperature is -1");
        refused("completions", CAT + ",\"max_tokens\":1.5}", 400, "max_tokens is 1.5");
        refused("completions", CAT + ",\"logprobs\":21}", 400, "logprobs is 21");
        refused("completions", CAT + ",\"suffix\":\"x\"}", 400, "suffix is not supported");
        refused("completions", CAT + ",\"frequency_penalty\":0.5}", 400, "frequency_penalty");
        refused("completions", CAT + ",\"n\":65}", 400, "n is 65");
        refused("completions", CAT + ",\"max_tokens\":30}", 400, "32 tokens; the prompt has 3");
        refused("completions", "{\"model\":\"tiny\",\"prompt\":[29]}", 400, "0 to 28");
        refused("completions", "{\"model\":\"tiny\",\"prompt\":[]}", 400, "prompt must be");
        refused("chat/completions", "{\"model\":\"tiny\"}", 400, "messages");
        refused(
                "chat/completions",
                "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]}",
                400,
                "text parts only");
        refused("chat", "{}", 404, "/v1/chat/completions");
        refused("models", "{}", 405, "takes GET");
        refused("completions", "x".repeat((1 << 20) + 1), 413, "larger than");
    }

    @Test
    void fieldsThatChangeNothingAreTaken() throws Exception {
        ok(
                "chat/completions",
                "{\"model\":\"tiny-1\",\"messages\":[{\"role\":\"system\",\"content\":\"the\"},{\"role\":\"user\",\"content\":\"cat \\ud800 \\u0000\"}],"
                        + "\"user\":\"me\",\"top_p\":1,\"presence_penalty\":0.0,\"tools\":[],\"response_format\":{\"type\":\"text\"},\"stop\":null,\"logit_bias\":{},\"max_tokens\":1}");
    }

    @Test
    void manyClientsAtOnceEachGetTheirOwn() throws Exception {
        List<Callable<String>> calls = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            String body = CAT + ",\"max_tokens\":" + (1 + i % 20) + ",\"seed\":" + i % 40 + "}";
            calls.add(() -> ok("completions", body).at("/choices/0/text").asText());
        }
        List<String> together = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<String> answer : clients.invokeAll(calls)) {
                together.add(answer.get());
            }
        }
        for (int i = 0; i < calls.size(); i += 11) {
            assertThat(calls.get(i).call()).isEqualTo(together.get(i));
        }
    }

    @Test
    void aFullQueueSaysWhenToComeAgain() throws Exception {
        try (ModelServer small =
                ModelServer.start(
                        ServerAddress.local(0),
                        ServingSettings.DEFAULT.withMost(2, 2),
                        TinyModel.served("tiny-1"))) {
            HttpResponse<String> full = send(small.uri(), "completions", CAT + ",\"n\":2}");
            assertThat(full.statusCode()).isEqualTo(200);
            List<Socket> waiting = new ArrayList<>();
            HttpResponse<String> refused = full;
            for (int i = 0; i < 500 && refused.statusCode() != 429; i++) {
                waiting.add(callWithoutItsBody(small.uri())); // there are four places
                Thread.sleep(20);
                refused = send(small.uri(), "completions", CAT + "}");
            }
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("retry-after")).contains("1");
            assertThat(refused.body()).contains("rate_limit_error");
            for (Socket socket : waiting) {
                socket.close();
            }
            HttpResponse<String> again = send(small.uri(), "completions", CAT + "}");
            for (int i = 0; i < 500 && again.statusCode() != 200; i++) {
                Thread.sleep(20);
                again = send(small.uri(), "completions", CAT + "}");
            }
            assertThat(again.statusCode()).isEqualTo(200);
        }
    }

    private static Socket callWithoutItsBody(URI uri) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), uri.getPort());
        socket.getOutputStream()
                .write(
                        "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n"
                                .getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    @Test
    void aNewVersionAnswersFromTheNextCallOn() throws Exception {
        ServedModel older = served;
        server.replace(TinyModel.served("tiny-2"));
        assertThat(ok("completions", CAT + "}").path("system_fingerprint").asText())
                .isEqualTo("tiny-2");
        assertThat(older.retain()).isFalse();
    }

    @Test
    void manyCallsAndGoneClientsLeaveNoArraysAndNoThreads() throws Exception {
        for (int i = 0; i < 3; i++) {
            ok("completions", CAT + ",\"n\":4,\"max_tokens\":20}");
        }
        int arrays = arraysAtRest();
        for (int i = 0; i < 40; i++) {
            ok("completions", CAT + ",\"n\":4,\"max_tokens\":20}");
            try (Socket gone =
                    new Socket(InetAddress.getLoopbackAddress(), server.uri().getPort())) {
                String body = CAT + ",\"n\":8,\"max_tokens\":20,\"stream\":true}";
                gone.getOutputStream()
                        .write(
                                "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s"
                                        .formatted(body.length(), body)
                                        .getBytes(StandardCharsets.UTF_8));
            }
        }
        ok("completions", CAT + "}");
        assertThat(arraysAtRest()).isEqualTo(arrays);
    }

    /// Arrays of the model once none of them came or went for a fifth of a second: an answer is
    /// sent before the arrays of its sampling are closed.
    private int arraysAtRest() throws InterruptedException {
        int arrays = -1;
        int looks = 0;
        for (int i = 0; i < 500 && looks < 10; i++) {
            Thread.sleep(20);
            int now = served.transformer().manager().getManagedArrays().size();
            looks = now == arrays ? looks + 1 : 0;
            arrays = now;
        }
        assertThat(looks).as("looks at the same arrays").isEqualTo(10);
        return arrays;
    }

    @Test
    void aPageInABrowserIsRefused() throws Exception {
        HttpResponse<String> page =
                client.send(
                        HttpRequest.newBuilder(URI.create(server.uri() + "/models"))
                                .header("Origin", "http://evil.example")
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(page.statusCode()).isEqualTo(403);
        try (Socket rebound =
                new Socket(InetAddress.getLoopbackAddress(), server.uri().getPort())) {
            rebound.getOutputStream()
                    .write(
                            "GET /v1/models HTTP/1.0\r\nHost: evil.example\r\n\r\n"
                                    .getBytes(StandardCharsets.UTF_8));
            InputStream in = rebound.getInputStream();
            assertThat(new String(in.readNBytes(12), StandardCharsets.UTF_8)).endsWith("403");
        }
    }

    @Test
    void aTokenIsAskedForAndAPublicHostNeedsOne() throws Exception {
        assertThatThrownBy(() -> new ServerAddress("0.0.0.0", 0, ""))
                .hasMessageContaining("0.0.0.0")
                .hasMessageContaining("token");
        try (ModelServer guarded =
                ModelServer.start(
                        new ServerAddress("0.0.0.0", 0, "secret"),
                        ServingSettings.DEFAULT,
                        TinyModel.served("tiny-1"))) {
            URI models =
                    URI.create("http://127.0.0.1:%d/v1/models".formatted(guarded.uri().getPort()));
            HttpRequest.Builder request = HttpRequest.newBuilder(models);
            assertThat(
                            client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                                    .statusCode())
                    .isEqualTo(401);
            request.header("Authorization", "Bearer secret");
            assertThat(
                            client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                                    .statusCode())
                    .isEqualTo(200);
        }
    }

    private double[] nextLogprobs(long... prompt) {
        TensorThread.prepare(1);
        try (Transformer model = TinyModel.model();
                NDManager step = model.manager().newSubManager()) {
            NDArray logits = model.logits(step, step.create(new long[][] {prompt}));
            float[] all = logits.logSoftmax(-1).toFloatArray();
            double[] last = new double[29];
            for (int i = 0; i < last.length; i++) {
                last[i] = all[(prompt.length - 1) * last.length + i];
            }
            return last;
        }
    }

    private void refused(String path, String body, int status, String says) throws Exception {
        HttpResponse<String> reply = post(path, body);
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(status);
        JsonNode error = JSON.readTree(reply.body()).path("error");
        assertThat(error.path("message").asText()).contains(says);
        assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(error.has("param")).isTrue();
        assertThat(error.has("code")).isTrue();
    }

    private JsonNode ok(String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> reply = post(path, body);
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
        return JSON.readTree(reply.body());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(server.uri() + "/" + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body)
            throws IOException, InterruptedException {
        return send(server.uri(), path, body);
    }

    private HttpResponse<String> send(URI base, String path, String body)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(base + "/" + path))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}

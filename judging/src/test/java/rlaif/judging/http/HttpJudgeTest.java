package rlaif.judging.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rlaif.judging.JudgeContract;
import rlaif.judging.JudgePrompt;
import rlaif.judging.Presentation;
import rlaif.judging.Reply;

class HttpJudgeTest {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Presentation PRESENTATION =
            new Presentation("p1", JudgeContract.PRINCIPLE, "prompt", "one", "two");

    private static Reply ask(ChatServer.Answer answer, Duration deadline)
            throws IOException, InterruptedException {
        try (ChatServer server = new ChatServer(answer);
                HttpJudge judge = server.judge(deadline)) {
            return judge.ask(PRESENTATION);
        }
    }

    private static Reply ask(int status, String body) throws IOException, InterruptedException {
        return ask((exchange, _) -> ChatServer.reply(exchange, status, body), DEADLINE);
    }

    @Test
    void asksForOneTokenWithItsLikeliestAlternatives() throws Exception {
        try (ChatServer server =
                        new ChatServer((exchange, _) ->
                                ChatServer.reply(exchange, 200, ChatServer.chat(0.7)));
                HttpJudge judge =
                        new HttpJudge(
                                new JudgeEndpoint(
                                        "j", server.uri(), "m", ApiKey.of("secret-1"), DEADLINE),
                                JudgePrompt.shipped())) {
            Reply reply = judge.ask(PRESENTATION);
            JsonNode body = server.bodies.getFirst();
            assertThat(body.path("model").asText()).isEqualTo("m");
            assertThat(body.path("temperature").isInt()).isTrue();
            assertThat(body.path("temperature").asInt(-1)).isZero();
            assertThat(body.path("max_tokens").asInt()).isEqualTo(1);
            assertThat(body.path("logprobs").asBoolean()).isTrue();
            assertThat(body.path("top_logprobs").asInt()).isEqualTo(20);
            assertThat(body.path("messages")).hasSize(1);
            assertThat(body.path("messages").path(0).path("role").asText()).isEqualTo("user");
            assertThat(server.authorizations).containsExactly("Bearer secret-1");
            assertThat(reply).isInstanceOf(Reply.Verdict.class);
            Reply.Verdict verdict = (Reply.Verdict) reply;
            assertThat(verdict.probability1()).isCloseTo(0.7, within(1e-12));
            assertThat(verdict.coveredMass()).isCloseTo(1, within(1e-12));
            assertThat(verdict.exchange().promptTokens()).hasValue(120);
            assertThat(verdict.exchange().request()).doesNotContain("secret-1");
            assertThat(verdict.exchange().latency()).isPositive();
        }
    }

    @Test
    void tooManyRequestsIsRetriedAfterWhatTheServerAsks() throws Exception {
        Reply reply =
                ask(
                        (exchange, _) -> {
                            exchange.getResponseHeaders().add("Retry-After", "7");
                            ChatServer.reply(exchange, 429, "slow down");
                        },
                        DEADLINE);
        assertThat(reply)
                .isEqualTo(
                        new Reply.RetryLater(
                                Reply.Obstacle.LOAD,
                                "status 429: slow down",
                                Duration.ofSeconds(7)));
    }

    @Test
    void serverErrorsAreRetried() throws Exception {
        assertThat(ask(500, "<html>\noops</html>"))
                .isEqualTo(new Reply.RetryLater("status 500: <html> oops</html>", Duration.ZERO));
        assertThat(ask(503, "")).isInstanceOf(Reply.RetryLater.class);
    }

    @Test
    void otherClientErrorsAreNot() throws Exception {
        assertThat(ask(400, "bad")).isEqualTo(new Reply.Refused("status 400: bad"));
        assertThat(ask(413, "large")).isEqualTo(new Reply.Refused("status 413: large"));
        assertThat(ask(422, "odd")).isEqualTo(new Reply.Refused("status 422: odd"));
    }

    @ParameterizedTest
    @CsvSource({
        "401, no key, the API key is not accepted",
        "402, pay, the quota is used up",
        "403, no, access is not allowed",
        "404, no model, no such address or model"
    })
    void aRefusalOfWhoeverAsksIsADenial(int status, String body, String words) throws Exception {
        assertThat(ask(status, body))
                .isEqualTo(
                        Reply.Refused.denied("status %d (%s): %s".formatted(status, words, body)));
    }

    @ParameterizedTest
    @CsvSource({
        "429, openai-insufficient-quota.json, status 429 (the quota is used up): { \"error\"",
        "400, gemini-key-expired.json, status 400 (the API key is not accepted): [{ \"error\"",
        "200, gateway-error-402.json, error 402 (the quota is used up): {\"error\""
    })
    void aDenialIsToldByItsCodeToo(int status, String fixture, String cause) throws Exception {
        assertThat(ask(status, Fixtures.body(fixture)))
                .isInstanceOfSatisfying(
                        Reply.Refused.class,
                        refused -> {
                            assertThat(refused.denied()).isTrue();
                            assertThat(refused.cause()).startsWith(cause);
                        });
    }

    @Test
    void redirectsAreNotFollowed() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Reply reply =
                ask(
                        (exchange, _) -> {
                            asked.incrementAndGet();
                            exchange.getResponseHeaders().add("Location", "/v1/chat/completions");
                            exchange.sendResponseHeaders(307, -1);
                        },
                        DEADLINE);
        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.Refused.class, refused -> assertThat(refused.denied()).isTrue());
        assertThat(asked).hasValue(1);
    }

    @Test
    void aServerThatIsSilentMeetsTheDeadline() throws Exception {
        Reply reply = ask((_, _) -> Thread.sleep(5_000), Duration.ofMillis(100));
        assertThat(reply).isInstanceOf(Reply.RetryLater.class);
    }

    @Test
    void aBodyThatTricklesMeetsTheDeadlineToo() throws Exception {
        long started = System.nanoTime();
        Reply reply =
                ask(
                        (exchange, _) -> {
                            exchange.sendResponseHeaders(200, 1000);
                            for (int i = 0; i < 50; i++) {
                                exchange.getResponseBody().write(' ');
                                exchange.getResponseBody().flush();
                                Thread.sleep(100);
                            }
                        },
                        Duration.ofMillis(300));
        assertThat(reply).isInstanceOf(Reply.RetryLater.class);
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void aBodyBeyondFourMebibytesIsDropped() throws Exception {
        Reply reply =
                ask(
                        (exchange, _) -> {
                            exchange.sendResponseHeaders(200, 0);
                            byte[] chunk = new byte[1 << 16];
                            for (int i = 0; i < 1024; i++) { // 64 MiB, of which the client takes 4
                                exchange.getResponseBody().write(chunk);
                            }
                        },
                        DEADLINE);
        assertThat(reply).isEqualTo(new Reply.Refused("status 200 with more than 4194304 bytes"));
    }

    @Test
    void aReplyThatIsNoJsonIsRetried() throws Exception {
        assertThat(ask(200, "<html>maintenance</html>")).isInstanceOf(Reply.RetryLater.class);
        assertThat(ask(200, "{\"choices\":[{\"mess")).isInstanceOf(Reply.RetryLater.class);
        assertThat(ask(200, "{\"error\":\"x\"}")).isInstanceOf(Reply.RetryLater.class);
    }

    @Test
    void aConnectionThatBreaksIsRetried() throws Exception {
        Reply reply =
                ask(
                        (exchange, _) -> {
                            exchange.sendResponseHeaders(200, 1000);
                            exchange.getResponseBody().write('{');
                        },
                        DEADLINE);
        assertThat(reply).isInstanceOf(Reply.RetryLater.class);
    }

    @Test
    void aRefusedConnectionIsRetried() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        URI gone = URI.create("http://127.0.0.1:" + port + "/v1");
        try (HttpJudge judge =
                new HttpJudge(JudgeEndpoint.of("j", gone, "m"), JudgePrompt.shipped())) {
            assertThat(judge.ask(PRESENTATION))
                    .isInstanceOfSatisfying(
                            Reply.RetryLater.class,
                            later -> assertThat(later.cause()).startsWith("connection refused"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://user:secret-1@example.org/v1",
                "https://example.org/v1?api-key=secret-1",
                "https://example.org/v1#secret-1",
                "https://example.org/a secret-1/v1",
                "//user:secret-1@example.org"
            })
    void aKeyInTheUrlIsRefusedAndNotRepeated(String url) {
        assertThatThrownBy(() -> JudgeEndpoint.of("j", JudgeEndpoint.url(url), "m"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("judge.apiKeyEnv")
                .hasMessageNotContaining("secret-1");
    }

    @Test
    void aKeyIsNeverPrinted() {
        JudgeEndpoint endpoint =
                new JudgeEndpoint(
                        "j",
                        URI.create("http://localhost/v1"),
                        "m",
                        ApiKey.of("secret-1"),
                        DEADLINE);
        assertThat(endpoint.toString()).contains("(set)").doesNotContain("secret-1");
    }
}

package rlaif.judging.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import rlaif.judging.JudgeContract;
import rlaif.judging.JudgePrompt;
import rlaif.judging.Presentation;
import rlaif.judging.Reply;

class HostileEndpointTest {
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Presentation PAIR =
            new Presentation("p1", JudgeContract.PRINCIPLE, "prompt", "one", "two");
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

    private static byte[] ascii(String... lines) {
        return String.join("\r\n", lines).getBytes(StandardCharsets.US_ASCII);
    }

    private static Reply ask(JudgeEndpoint endpoint) throws InterruptedException {
        try (HttpJudge judge = new HttpJudge(endpoint, JudgePrompt.shipped())) {
            return judge.ask(PAIR);
        }
    }

    private static Reply ask(RawServer.Misbehaviour misbehaviour, Duration deadline)
            throws Exception {
        try (RawServer server = new RawServer(misbehaviour)) {
            return ask(server.endpoint(deadline));
        }
    }

    @Test
    void aRedirectIsNotFollowedAndNamesTheFix() throws Exception {
        Reply reply =
                ask(
                        (_, out) ->
                                out.write(
                                        ascii(
                                                "HTTP/1.1 307 T",
                                                "Location: http://10.0.0.1/x",
                                                "Content-Length: 0",
                                                "",
                                                "")),
                        LONG);
        assertThat(reply)
                .isEqualTo(
                        Reply.Refused.denied(
                                "status 307: redirects are refused; configure the URL that the"
                                        + " endpoint moved to (it says http://10.0.0.1/x)"));
    }

    @Test
    void tenGigabytesAreDroppedAfterFourMebibytes() throws Exception {
        AtomicReference<RawServer> self = new AtomicReference<>();
        try (RawServer server =
                new RawServer((_, out) ->
                        self.get()
                                .endless(
                                        out,
                                        OK + "Content-Length: 10737418240\r\n\r\n",
                                        new byte[1 << 16]))) {
            self.set(server);
            assertThat(ask(server.endpoint(LONG)))
                    .isEqualTo(new Reply.Refused("status 200 with more than 4194304 bytes"));
            assertThat(server.bytesWritten)
                    .as("what was read, and what sockets buffer")
                    .hasValueLessThan(64L << 20);
        }
    }

    @Test
    void manyEndlessRepliesAtOnceEndOneAfterAnother() throws Exception {
        AtomicReference<RawServer> self = new AtomicReference<>();
        try (RawServer server =
                        new RawServer((_, out) ->
                                self.get().endless(out, OK + "\r\n", new byte[1 << 16]));
                HttpJudge judge = new HttpJudge(server.endpoint(LONG), JudgePrompt.shipped());
                var calls = Executors.newVirtualThreadPerTaskExecutor()) {
            self.set(server);
            List<Callable<Reply>> asked = Collections.nCopies(24, () -> judge.ask(PAIR));
            assertThat(calls.invokeAll(asked))
                    .allSatisfy(reply ->
                            assertThat(reply.get())
                                    .isEqualTo(
                                            new Reply.Refused(
                                                    "status 200 with more than 4194304 bytes")));
        }
    }

    @Test
    void largeRepliesThatStallLeaveRoomForOthers() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        try (RawServer server =
                        new RawServer((socket, out) -> {
                            out.write((OK + "\r\n").getBytes(StandardCharsets.US_ASCII));
                            out.write(new byte[1 << 20]);
                            out.flush();
                            if (connections.incrementAndGet() <= 16) {
                                Thread.sleep(60_000);
                            }
                            socket.shutdownOutput();
                            socket.getInputStream()
                                    .readAllBytes(); // a close would take back what is not read yet
                        });
                EndpointClient client = new EndpointClient(server.endpoint(SHORT));
                var calls = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Answer>> stalled =
                    Collections.nCopies(16, () -> client.post(Api.CHAT, "{}", SHORT));
            assertThat(calls.invokeAll(stalled))
                    .allSatisfy(
                            answer -> assertThat(answer.get()).isInstanceOf(Answer.Broken.class));
            assertThat(client.post(Api.CHAT, "{}", LONG)).isInstanceOf(Answer.Complete.class);
        }
    }

    @Test
    void anEndlessErrorBodyIsBoundedToo() throws Exception {
        AtomicReference<RawServer> self = new AtomicReference<>();
        try (RawServer server =
                new RawServer((_, out) ->
                        self.get().endless(out, "HTTP/1.1 500 X\r\n\r\n", new byte[1 << 16]))) {
            self.set(server);
            assertThat(ask(server.endpoint(LONG))).isInstanceOf(Reply.Refused.class);
            assertThat(server.bytesWritten).hasValueLessThan(64L << 20);
        }
    }

    @Test
    void endlessHeadersEndTheCall() throws Exception {
        AtomicReference<RawServer> self = new AtomicReference<>();
        byte[] header =
                ("X-Bomb: " + "b".repeat(1000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        try (RawServer server = new RawServer((_, out) -> self.get().endless(out, OK, header))) {
            self.set(server);
            assertThat(ask(server.endpoint(LONG))).isInstanceOf(Reply.RetryLater.class);
            assertThat(server.bytesWritten).hasValueLessThan(16L << 20);
        }
    }

    @Test
    void oneHeaderWithoutEndEndsTheCall() throws Exception {
        AtomicReference<RawServer> self = new AtomicReference<>();
        byte[] chunk = "b".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);
        try (RawServer server =
                new RawServer((_, out) -> self.get().endless(out, OK + "X-Bomb: ", chunk))) {
            self.set(server);
            assertThat(ask(server.endpoint(LONG))).isInstanceOf(Reply.RetryLater.class);
            assertThat(server.bytesWritten).hasValueLessThan(16L << 20);
        }
    }

    @Test
    void oneByteAMinuteMeetsTheDeadline() throws Exception {
        Reply reply =
                ask(
                        (_, out) -> {
                            out.write(OK.getBytes(StandardCharsets.US_ASCII));
                            out.write(
                                    "Content-Length: 100\r\n\r\n{"
                                            .getBytes(StandardCharsets.US_ASCII));
                            out.flush();
                            Thread.sleep(60_000);
                        },
                        SHORT);
        assertThat(reply)
                .isEqualTo(
                        new Reply.RetryLater(
                                Reply.Obstacle.TIMEOUT, "no reply within 400 ms", Duration.ZERO));
    }

    @Test
    void silenceMeetsTheDeadline() throws Exception {
        assertThat(ask((_, _) -> Thread.sleep(60_000), SHORT))
                .isInstanceOfSatisfying(
                        Reply.RetryLater.class,
                        later -> assertThat(later.obstacle()).isEqualTo(Reply.Obstacle.TIMEOUT));
    }

    @Test
    void aResetInTheMiddleIsTriedAgain() throws Exception {
        Reply reply =
                ask(
                        (socket, out) -> {
                            out.write(ascii(OK + "Content-Length: 100", "", "{"));
                            out.flush();
                            socket.setSoLinger(true, 0); // closing sends a reset
                        },
                        LONG);
        assertThat(reply).isInstanceOf(Reply.RetryLater.class);
    }

    @Test
    void whatIsNoHttpIsTriedAgain() throws Exception {
        assertThat(
                        ask(
                                (_, out) ->
                                        out.write(
                                                "SSH-2.0-OpenSSH_9.2\r\n\r\n"
                                                        .getBytes(StandardCharsets.US_ASCII)),
                                LONG))
                .isInstanceOf(Reply.RetryLater.class);
    }

    @Test
    void aKeyThatTheEndpointRepeatsIsTakenOut() throws Exception {
        String says = "{\"error\":\"bad key sk-secret-12345\"}";
        Reply reply =
                ask(
                        (_, out) ->
                                out.write(
                                        ascii(
                                                "HTTP/1.1 401 No",
                                                "Content-Length: " + says.length(),
                                                "",
                                                says)),
                        LONG);
        assertThat(reply)
                .isEqualTo(
                        Reply.Refused.denied(
                                "status 401 (the API key is not accepted): {\"error\":\"bad key (key)\"}"));
        String error = "{\"error\":{\"code\":401,\"message\":\"bad key sk-secret-12345\"}}";
        reply =
                ask(
                        (_, out) ->
                                out.write(
                                        ascii(
                                                "HTTP/1.1 200 OK",
                                                "Content-Length: " + error.length(),
                                                "",
                                                error)),
                        LONG);
        assertThat(reply)
                .isEqualTo(
                        Reply.Refused.denied(
                                "error 401 (the API key is not accepted): {\"error\":{\"code\":401,\"message\":\"bad key (key)\"}}"));
        String body = ChatServer.chat(0.9).replace("\"id\":\"x\"", "\"id\":\"sk-secret-12345\"");
        reply =
                ask(
                        (_, out) ->
                                out.write(
                                        (OK
                                                        + "Content-Length: %d\r\n\r\n%s"
                                                                .formatted(body.length(), body))
                                                .getBytes(StandardCharsets.US_ASCII)),
                        LONG);
        assertThat(((Reply.Verdict) reply).exchange().toString()).doesNotContain("sk-secret");
    }

    @Test
    void linkLocalAddressesAreNeverCalled() {
        for (String host :
                new String[] {
                    "169.254.169.254",
                    "2852039166",
                    "[fe80::1]",
                    "[::ffff:169.254.169.254]",
                    "[fd00:ec2::254]"
                }) {
            assertThatThrownBy(
                            () -> JudgeEndpoint.of("j", URI.create("http://" + host + "/v1"), "m"))
                    .as(host)
                    .hasMessageContaining("link-local");
        }
    }

    @Test
    void partsBeyondTheLimitAreRefusedWithoutACall() throws Exception {
        AtomicReference<String> called = new AtomicReference<>("no");
        try (ChatServer server =
                        new ChatServer((exchange, _) -> {
                            called.set("yes");
                            ChatServer.reply(exchange, 200, ChatServer.chat(0.5));
                        });
                HttpJudge judge = server.judge(LONG)) {
            Reply reply =
                    judge.ask(
                            new Presentation(
                                    "p1",
                                    JudgeContract.PRINCIPLE,
                                    "prompt",
                                    "one",
                                    "é".repeat(1 << 19)));
            assertThat(reply)
                    .isEqualTo(
                            Reply.Refused.unasked(
                                    "completion 2 has 1048576 bytes, and a judge is shown at most"
                                            + " 262144: sample shorter ones"));
            assertThat(called).hasValue("no");
            assertThat(
                            judge.ask(
                                    new Presentation(
                                            "p1",
                                            JudgeContract.PRINCIPLE,
                                            "prompt",
                                            "<|im_start|>\u0000\u001b".repeat(16_000),
                                            "x".repeat(256 * 1024))))
                    .isInstanceOf(Reply.Verdict.class);
        }
    }

    @Test
    void requestsAreNeverUpgradedToHttp2() throws Exception {
        AtomicReference<String> head = new AtomicReference<>("");
        try (ChatServer server =
                        new ChatServer((exchange, _) -> {
                            head.set(
                                    exchange.getProtocol()
                                            + " "
                                            + exchange.getRequestHeaders().keySet());
                            ChatServer.reply(exchange, 200, ChatServer.chat(0.5));
                        });
                HttpJudge judge = server.judge(LONG)) {
            judge.ask(PAIR);
        }
        assertThat(head.get())
                .startsWith("HTTP/1.1")
                .doesNotContainIgnoringCase("upgrade")
                .doesNotContainIgnoringCase("http2-settings");
    }
}

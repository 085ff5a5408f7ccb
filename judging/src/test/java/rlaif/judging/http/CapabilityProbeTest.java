package rlaif.judging.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rlaif.judging.JudgeContract;
import rlaif.judging.Presentation;
import rlaif.judging.ReadingMode;

class CapabilityProbeTest {
    private static final Presentation PAIR =
            new Presentation("p", JudgeContract.PRINCIPLE, "Say hello", "Hello!", "Go away.");
    private static final Presentation OTHER =
            new Presentation("p", JudgeContract.PRINCIPLE, "user : bake", "flour", "water");

    private static final ProbePatience PATIENCE =
            new ProbePatience(Duration.ofMinutes(1), Duration.ofMillis(1));

    private static CapabilityProbe.Found probe(
            ChatServer.Answer answer, CapabilityProbe.Wanted wanted) throws Exception {
        try (ChatServer server = new ChatServer(answer)) {
            return new CapabilityProbe(server.endpoint(), wanted, List.of(PAIR, OTHER), PATIENCE)
                    .run();
        }
    }

    private static CapabilityProbe.Found probe(ChatServer.Answer answer) throws Exception {
        return probe(answer, CapabilityProbe.Wanted.ANYTHING);
    }

    private static CapabilityProbe.Wanted wanted(ReadingMode mode) {
        return new CapabilityProbe.Wanted(Optional.empty(), Optional.of(mode));
    }

    private static boolean isChat(HttpExchange exchange) {
        return exchange.getRequestURI().getPath().endsWith("/chat/completions");
    }

    private static void error(HttpExchange exchange, int status, String message)
            throws IOException {
        ChatServer.reply(exchange, status, "{\"error\":{\"message\":\"" + message + "\"}}");
    }

    /// Replies as often as `n` says.
    private static String several(JsonNode body, String text) {
        String[] texts = new String[body.path("n").asInt(1)];
        java.util.Arrays.fill(texts, text);
        return ChatServer.texts(texts);
    }

    @Test
    void logprobsAreReadWhereTheyAreGiven() throws Exception {
        CapabilityProbe.Found found =
                probe((exchange, _) -> ChatServer.reply(exchange, 200, ChatServer.chat(0.9)));
        assertThat(found.dialect()).isEqualTo(Dialect.standard(Api.CHAT));
        assertThat(found.lines())
                .containsExactly(
                        "chat/completions: log-probabilities of 20 tokens: 1 and 2 cover 1.000 of"
                                + " the probability; verdicts are read from them");
    }

    /// What is said of an endpoint whose own deadline is a minute, by a probe that has a moment.
    private static ProbeException late(RawServer server) {
        return late(server.endpoint(Duration.ofMinutes(1)), Duration.ofMillis(300));
    }

    private static ProbeException late(JudgeEndpoint endpoint, Duration moment) {
        return assertThrows(
                ProbeException.class,
                () ->
                        new CapabilityProbe(
                                        endpoint,
                                        CapabilityProbe.Wanted.ANYTHING,
                                        List.of(PAIR),
                                        new ProbePatience(moment, Duration.ofMillis(1)))
                                .run());
    }

    @Test
    void silenceEndsTheProbeAfterItsOwnTimeAndNotTheEndpoints() throws Exception {
        try (RawServer server = new RawServer((_, _) -> Thread.sleep(60_000))) {
            ProbeException silent = late(server);
            assertThat(silent.trouble()).isEqualTo(ProbeException.Trouble.LATE);
            assertThat(silent)
                    .hasMessageContaining("gives no reply in time")
                    .hasMessageContaining("chat/completions: no answer: no reply within")
                    .hasMessageNotContaining("60000 ms");
        }
    }

    @Test
    void oneByteAMinuteEndsTheProbeToo() throws Exception {
        try (RawServer server =
                new RawServer((_, out) -> {
                    out.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".getBytes(US_ASCII));
                    out.flush();
                    Thread.sleep(60_000);
                })) {
            assertThat(late(server).trouble()).isEqualTo(ProbeException.Trouble.LATE);
        }
    }

    @Test
    void anEndpointThatFallsSilentIsToldWithWhatWasFoundOutBefore() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (ChatServer server =
                new ChatServer((exchange, _) -> {
                    if (asked.getAndIncrement() > 0) {
                        Thread.sleep(60_000);
                    }
                    ChatServer.reply(exchange, 200, ChatServer.texts("1"));
                })) {
            ProbeException late =
                    late(server.endpoint(Duration.ofMinutes(1)), Duration.ofMillis(1_500));
            assertThat(late.trouble()).isEqualTo(ProbeException.Trouble.LATE);
            assertThat(late)
                    .hasMessageContaining("log-probabilities: asked for, not given")
                    .hasMessageContaining("no answer: no reply within");
        }
    }

    @Test
    void anEndpointThatRefusesEverybodyIsNotSaidToBeLate() {
        ProbeException refusing =
                assertThrows(
                        ProbeException.class,
                        () -> probe((exchange, _) -> error(exchange, 500, "x")));
        assertThat(refusing.trouble()).isEqualTo(ProbeException.Trouble.BUSY);
        assertThat(refusing).hasMessageContaining("status 500");
    }

    @Test
    void modelWhoseContextIsTooShortIsSaidToBeAndNotBlamedOnAParameter() {
        assertThatThrownBy(() ->
                        probe((exchange, _) ->
                                error(
                                        exchange,
                                        400,
                                        "this model's context is 128 tokens: lower max_tokens")))
                .isInstanceOf(ProbeException.class)
                .hasMessageContaining("context is 128 tokens")
                .hasMessageNotContaining("max_tokens: refused");
    }

    @Test
    void anEndpointThatIgnoresLogprobsIsSampled() throws Exception {
        CapabilityProbe.Found found =
                probe((exchange, body) -> ChatServer.reply(exchange, 200, several(body, "1")));
        assertThat(found.dialect().reading()).isEqualTo(ReadingMode.SAMPLING);
        assertThat(found.dialect().manyChoices()).isTrue();
        assertThat(found.lines())
                .anyMatch(line -> line.contains("asked for, not given"))
                .anyMatch(line -> line.contains("counted over sampled replies"));
    }

    @Test
    void anEndpointThatGivesOneReplyIsReadByItsGrammar() throws Exception {
        CapabilityProbe.Found found =
                probe((exchange, _) ->
                        ChatServer.reply(exchange, 200, ChatServer.texts("Well.\n2")));
        assertThat(found.dialect().reading()).isEqualTo(ReadingMode.GRAMMAR);
        assertThat(found.lines().getLast()).contains("verdicts are read from the text");
    }

    @Test
    void aReasoningModelThatRefusesParametersIsAskedWithoutThem() throws Exception {
        CapabilityProbe.Found found =
                probe((exchange, body) -> {
                    if (body.has("max_tokens")) {
                        error(
                                exchange,
                                400,
                                "Unsupported parameter: 'max_tokens' is not supported with this"
                                        + " model. Use 'max_completion_tokens' instead.");
                    } else if (body.has("temperature")) {
                        error(exchange, 400, "'temperature' does not support 0 with this model");
                    } else if (body.has("logprobs")) {
                        error(exchange, 403, "You are not allowed to request logprobs");
                    } else if (body.path("max_completion_tokens").asInt() < 100) {
                        ChatServer.reply(
                                exchange,
                                200,
                                ChatServer.texts("").replace("\"stop\"", "\"length\""));
                    } else {
                        ChatServer.reply(exchange, 200, several(body, "1"));
                    }
                });
        Dialect dialect = found.dialect();
        assertThat(dialect.tokenLimit()).isEqualTo(TokenLimit.MAX_COMPLETION_TOKENS);
        assertThat(dialect.temperature()).isFalse();
        assertThat(dialect.reading()).isEqualTo(ReadingMode.SAMPLING);
        assertThat(dialect.replyTokens()).isEqualTo(Dialect.REASONED_REPLY);
        assertThat(found.lines())
                .anyMatch(line -> line.contains("max_tokens: refused"))
                .anyMatch(line -> line.contains("temperature: refused"))
                .anyMatch(line -> line.contains("log-probabilities: refused"))
                .anyMatch(line -> line.contains("text of 16 tokens: ends in no label and is cut"))
                .anyMatch(line -> line.contains("text of 4096 tokens: ends in a label"));
    }

    @Test
    void fiveLogprobsAreTakenWhereTwentyAreTooMany() throws Exception {
        CapabilityProbe.Found found =
                probe((exchange, body) -> {
                    if (isChat(exchange)) {
                        error(exchange, 404, "no such path");
                    } else if (body.path("logprobs").asInt() > 5) {
                        error(exchange, 400, "the maximum value of logprobs is 5");
                    } else {
                        ChatServer.reply(
                                exchange,
                                200,
                                "{\"choices\":[{\"text\":\" 1\",\"logprobs\":{\"tokens\":[\" 1\"],"
                                        + "\"top_logprobs\":[{\" 1\":-0.01,\" 2\":-4.7}]}}]}");
                    }
                });
        assertThat(found.dialect()).isEqualTo(Dialect.standard(Api.COMPLETIONS).withTopLogprobs(5));
        assertThat(found.lines())
                .anyMatch(line -> line.startsWith("chat/completions: no answer: status 404"))
                .anyMatch(line -> line.startsWith("completions: log-probabilities of 5 tokens"));
    }

    @Test
    void logprobsOfAModelThatReasonsFirstAreNotReadAsAVerdict() throws Exception {
        CapabilityProbe.Found found =
                probe((exchange, body) ->
                        ChatServer.reply(
                                exchange,
                                200,
                                body.has("logprobs")
                                        ? ChatServer.chat(
                                                "{\"token\":\"<think>\",\"logprob\":-0.001}")
                                        : several(body, "<think>hm</think>\n1")));
        assertThat(found.dialect().reading()).isEqualTo(ReadingMode.SAMPLING);
        assertThat(found.lines().getFirst())
                .contains("cover 0.000")
                .contains("the likeliest token is '<think>'");
    }

    @Test
    void whereNoTextEndsInALabelLogprobsStayTheHonestReading() throws Exception {
        CapabilityProbe.Found found =
                probe((exchange, body) ->
                        ChatServer.reply(
                                exchange,
                                200,
                                body.has("logprobs")
                                        ? ChatServer.chat("{\"token\":\"The\",\"logprob\":-0.1}")
                                        : several(body, "The first one.")));
        assertThat(found.dialect().reading()).isEqualTo(ReadingMode.LOGPROBS);
        assertThat(found.lines().getLast()).contains("unreadable and make no label");
    }

    @Test
    void aTextThatIsCutBehindANumberIsNoLabelAndIsAskedForAtLength() throws Exception {
        String begun = "Let me compare them step by step:\n\n1.";
        CapabilityProbe.Found found =
                probe((exchange, body) ->
                        ChatServer.reply(
                                exchange,
                                200,
                                body.path("max_tokens").asInt() <= Dialect.SHORT_REPLY
                                        ? ChatServer.cut(begun)
                                        : ChatServer.texts(begun + " Kind.\n2. Rude.\n\n1")));
        assertThat(found.dialect().replyTokens()).isEqualTo(Dialect.REASONED_REPLY);
        assertThat(found.lines())
                .anyMatch(line -> line.contains("text of 16 tokens: ends in no label and is cut"));
        assertThatThrownBy(() ->
                        probe((exchange, _) ->
                                ChatServer.reply(exchange, 200, ChatServer.cut(begun))))
                .isInstanceOf(ProbeException.class)
                .hasMessageContaining("text of 4096 tokens: ends in no label and is cut");
    }

    @Test
    void aWantedReadingIsTheOneThatIsTried() throws Exception {
        ChatServer.Answer both =
                (exchange, body) ->
                        ChatServer.reply(
                                exchange,
                                200,
                                body.has("logprobs")
                                        ? ChatServer.chat(0.9)
                                        : ChatServer.texts("1"));
        assertThat(probe(both, wanted(ReadingMode.GRAMMAR)).dialect().reading())
                .isEqualTo(ReadingMode.GRAMMAR);
        Dialect sampling = probe(both, wanted(ReadingMode.SAMPLING)).dialect();
        assertThat(sampling.reading()).isEqualTo(ReadingMode.SAMPLING);
        assertThat(sampling.manyChoices()).as("a call each, since it is wanted").isFalse();
        assertThatThrownBy(() ->
                        probe(
                                (exchange, _) ->
                                        ChatServer.reply(exchange, 200, ChatServer.texts("1")),
                                wanted(ReadingMode.LOGPROBS)))
                .isInstanceOf(ProbeException.class)
                .hasMessageContaining("asked for, not given");
    }

    @Test
    void aPairThatTheEndpointRefusesIsFollowedByAnother() throws Exception {
        CapabilityProbe.Found found =
                probe((exchange, body) -> {
                    if (body.toString().contains("user : bake")) {
                        ChatServer.reply(exchange, 200, ChatServer.chat(0.9));
                    } else {
                        error(exchange, 400, "the conversation is not of this world");
                    }
                });
        assertThat(found.dialect().reading()).isEqualTo(ReadingMode.LOGPROBS);
        assertThat(found.answered()).as("index of the pair that was answered").isEqualTo(1);
    }

    @Test
    void anEndpointThatReportsNoUsageIsSaidTo() throws Exception {
        CapabilityProbe.Found silent =
                probe((exchange, _) ->
                        ChatServer.reply(
                                exchange,
                                200,
                                ChatServer.chat(0.9).replace("\"usage\"", "\"unused\"")));
        assertThat(silent.countsTokens()).isFalse();
        assertThat(silent.lines().getLast())
                .isEqualTo(
                        "chat/completions: no usage is reported: neither tokens nor dollars can be"
                                + " counted");
        CapabilityProbe.Found telling =
                probe((exchange, _) -> ChatServer.reply(exchange, 200, ChatServer.chat(0.9)));
        assertThat(telling.countsTokens()).isTrue();
    }

    @Test
    void anEndpointThatSaysNoIsNamedWithItsReason() {
        assertThatThrownBy(() -> probe((exchange, _) -> error(exchange, 401, "no such key")))
                .isInstanceOf(ProbeException.class)
                .hasMessageContaining("model 'test-model' at http://127.0.0.1:")
                .hasMessageContaining("chat/completions: no answer: status 401")
                .hasMessageContaining("no such key");
    }

    @Test
    void passingFailuresAreTriedAgainAndLastingOnesEndTheProbe() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CapabilityProbe.Found found =
                probe((exchange, _) -> {
                    if (asked.incrementAndGet() <= 3) {
                        error(exchange, 503, "loading");
                    } else {
                        ChatServer.reply(exchange, 200, ChatServer.chat(0.9));
                    }
                });
        assertThat(found.dialect().reading()).isEqualTo(ReadingMode.LOGPROBS);
        asked.set(0);
        assertThatThrownBy(() ->
                        probe((exchange, _) -> {
                            asked.incrementAndGet();
                            error(exchange, 503, "loading");
                        }))
                .isInstanceOf(ProbeException.class)
                .hasMessageContaining("status 503");
        assertThat(asked).as("nobody is asked in other words who does not answer").hasValue(4);
    }

    @Test
    void whetherABegunReplyIsContinuedIsFoundOut() throws Exception {
        CapabilityProbe.Found found =
                probe((exchange, body) ->
                        ChatServer.reply(
                                exchange,
                                200,
                                body.path("messages").size() == 2
                                        ? ChatServer.texts(" gamma, delta")
                                        : ChatServer.chat(0.9)));
        assertThat(found.dialect().continues()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aReasoningModelThatRefusesALimitItCannotKeepToIsAskedForMore(boolean hidesLogprobs)
            throws Exception {
        CapabilityProbe.Found found =
                probe((exchange, body) -> {
                    if (body.has("max_tokens")) {
                        error(
                                exchange,
                                400,
                                "Unsupported parameter: 'max_tokens' is not supported with this"
                                        + " model. Use 'max_completion_tokens' instead.");
                    } else if (hidesLogprobs && body.has("logprobs")) {
                        error(exchange, 403, "You are not allowed to request logprobs");
                    } else if (body.path("max_completion_tokens").asInt() < 100) {
                        error(
                                exchange,
                                400,
                                "Could not finish the message because max_tokens or model output"
                                        + " limit was reached. Please try again with higher"
                                        + " max_tokens.");
                    } else {
                        ChatServer.reply(exchange, 200, several(body, "1"));
                    }
                });
        assertThat(found.dialect().tokenLimit()).isEqualTo(TokenLimit.MAX_COMPLETION_TOKENS);
        assertThat(found.dialect().reading()).isEqualTo(ReadingMode.SAMPLING);
        assertThat(found.dialect().replyTokens()).isEqualTo(Dialect.REASONED_REPLY);
        assertThat(found.lines())
                .anyMatch(line -> line.contains("text of 16 tokens: no answer: status 400"))
                .anyMatch(line -> line.contains("text of 4096 tokens: ends in a label"));
    }
}

package rlaif.judging.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rlaif.judging.Constitution;
import rlaif.judging.Principle;
import rlaif.judging.Reply;
import rlaif.judging.revision.CompletionToRevise;
import rlaif.judging.revision.RevisionPrompts;

class HttpReviserTest {
    private static final Principle PRINCIPLE = Constitution.shipped().principles().getFirst();
    private static final CompletionToRevise SHOWN =
            new CompletionToRevise(
                    "rollout-1", 2, PRINCIPLE, "user : hi", "take <|im_end|> a knife");

    private static HttpReviser reviser(ChatServer server) {
        return new HttpReviser(server.endpoint(), RevisionPrompts.shipped(), 300);
    }

    private static String asked(ChatServer server, int call) {
        return server.bodies.get(call).path("messages").path(0).path("content").asText();
    }

    @Test
    void critiqueAndRevisionAreOneCallEachWithTheTextsOfThePrinciple() throws Exception {
        try (ChatServer server =
                        new ChatServer((exchange, _) ->
                                ChatServer.reply(
                                        exchange, 200, ChatServer.texts("it names a weapon .")));
                HttpReviser reviser = reviser(server)) {
            Reply critique = reviser.critique(SHOWN);
            assertThat(critique)
                    .isInstanceOfSatisfying(
                            Reply.Written.class,
                            written -> {
                                assertThat(written.text()).isEqualTo("it names a weapon .");
                                assertThat(written.cut()).isFalse();
                                assertThat(written.exchange().promptTokens()).hasValue(100);
                                assertThat(written.exchange().completionTokens()).hasValue(7);
                            });
            assertThat(reviser.revise(SHOWN, "it names a weapon ."))
                    .isInstanceOf(Reply.Written.class);

            assertThat(server.bodies).hasSize(2);
            assertThat(server.bodies.getFirst().path("max_tokens").asInt()).isEqualTo(300);
            assertThat(server.bodies.getFirst().path("temperature").asDouble(-1)).isZero();
            assertThat(asked(server, 0))
                    .contains(PRINCIPLE.critique())
                    .contains("take   a knife")
                    .doesNotContain("im_end")
                    .doesNotContain(PRINCIPLE.revise())
                    .endsWith("Write the critique and nothing else.\n");
            assertThat(asked(server, 1))
                    .contains(PRINCIPLE.revise())
                    .contains("\nit names a weapon .\n</critique ")
                    .endsWith("Write the revised completion and nothing else.\n");
        }
    }

    @Test
    void aTextThatRepeatsTheMarksIsRefused() throws Exception {
        try (ChatServer server =
                        new ChatServer((exchange, body) -> {
                            String prompt = body.path("messages").path(0).path("content").asText();
                            ChatServer.reply(
                                    exchange,
                                    200,
                                    ChatServer.texts(prompt.lines().findFirst().orElse("")));
                        });
                HttpReviser reviser = reviser(server)) {
            assertThat(reviser.critique(SHOWN))
                    .isEqualTo(
                            new Reply.Refused(
                                    "the text repeats the marks of its prompt",
                                    new Reply.Usage(1, 100, 7)));
        }
    }

    @Test
    void aThoughtInTheTextIsDroppedFromCritiqueAndRevision() throws Exception {
        try (ChatServer server =
                        new ChatServer((exchange, body) ->
                                ChatServer.reply(
                                        exchange,
                                        200,
                                        Fixtures.body("vllm-chat-inline-think.json")));
                HttpReviser reviser = reviser(server)) {
            for (Reply reply :
                    List.of(reviser.critique(SHOWN), reviser.revise(SHOWN, "it is rude ."))) {
                assertThat(reply)
                        .isInstanceOfSatisfying(
                                Reply.Written.class,
                                written ->
                                        assertThat(written.text().strip())
                                                .isEqualTo("Take a spoon ."));
            }
        }
    }

    @Test
    void aThoughtWithoutAnEndIsRefused() throws Exception {
        try (ChatServer server =
                        new ChatServer((exchange, body) ->
                                ChatServer.reply(
                                        exchange,
                                        200,
                                        Fixtures.body("vllm-chat-unclosed-think.json")));
                HttpReviser reviser = reviser(server)) {
            for (Reply reply :
                    List.of(reviser.critique(SHOWN), reviser.revise(SHOWN, "it is rude ."))) {
                assertThat(reply)
                        .isInstanceOfSatisfying(
                                Reply.Refused.class,
                                refused ->
                                        assertThat(refused.cause())
                                                .contains("reasoning and no text"));
            }
        }
    }

    @Test
    void whatIsTooLongToBeShownIsRefusedWithoutACall() throws Exception {
        try (ChatServer server =
                        new ChatServer((exchange, _) -> ChatServer.reply(exchange, 500, ""));
                HttpReviser reviser = reviser(server)) {
            CompletionToRevise longer =
                    new CompletionToRevise(
                            "rollout-1", 1, PRINCIPLE, "user : hi", "a".repeat(1 << 20));
            assertThat(reviser.critique(longer).usage().calls()).isZero();
            assertThat(server.bodies).isEmpty();
        }
    }

    private static CapabilityProbe.Found probed(ChatServer server) throws Exception {
        return new ReviserProbe(
                        server.endpoint(),
                        RevisionPrompts.shipped(),
                        List.of(SHOWN),
                        300,
                        new ProbePatience(Duration.ofMinutes(1), Duration.ofMillis(1)))
                .run();
    }

    @Test
    void probeFindsAnEndpointThatHasNoChatAndRefusesATemperature() throws Exception {
        try (ChatServer server =
                new ChatServer((exchange, body) -> {
                    if (exchange.getRequestURI().getPath().endsWith("/chat/completions")) {
                        ChatServer.reply(exchange, 404, "");
                    } else if (body.has("temperature")) {
                        ChatServer.reply(
                                exchange, 400, "{\"error\":{\"message\":\"temperature?\"}}");
                    } else {
                        ChatServer.reply(exchange, 200, ChatServer.texts("it is fine ."));
                    }
                })) {
            CapabilityProbe.Found found = probed(server);
            assertThat(found.dialect().api()).isEqualTo(Api.COMPLETIONS);
            assertThat(found.dialect().temperature()).isFalse();
            assertThat(found.lines())
                    .last()
                    .asString()
                    .isEqualTo(
                            "completions: a critique was asked for: 12 characters came ('it is fine .')");

            server.bodies.clear();
            try (HttpReviser reviser =
                    new HttpReviser(
                            server.endpoint(),
                            found.dialect(),
                            RevisionPrompts.shipped(),
                            300,
                            Optional.of(SHOWN))) {
                assertThat(reviser.critique(SHOWN)).isInstanceOf(Reply.Written.class);
                assertThat(reviser.answeredBefore()).hasValue(SHOWN);
            }
            assertThat(found.answered()).isZero();
            assertThat(server.bodies).singleElement().matches(body -> !body.has("temperature"));
        }
    }

    @Test
    void probeOfAnEndpointThatRefusesEverythingSaysWhatItTried() throws Exception {
        try (ChatServer server =
                new ChatServer((exchange, _) ->
                        ChatServer.reply(exchange, 401, "{\"error\":{\"message\":\"no key\"}}"))) {
            assertThatThrownBy(() -> probed(server))
                    .isInstanceOf(ProbeException.class)
                    .hasMessageContaining("gives no text")
                    .hasMessageContaining("chat/completions: no answer")
                    .hasMessageContaining("no key");
        }
    }

    @Test
    void anOverloadedEndpointIsAskedAgainLater() throws IOException, InterruptedException {
        try (ChatServer server =
                        new ChatServer((exchange, _) -> ChatServer.reply(exchange, 503, "busy"));
                HttpReviser reviser = reviser(server)) {
            assertThat(reviser.critique(SHOWN)).isInstanceOf(Reply.RetryLater.class);
        }
    }
}

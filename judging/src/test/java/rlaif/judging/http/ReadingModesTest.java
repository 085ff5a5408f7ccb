package rlaif.judging.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import rlaif.judging.Bodies;
import rlaif.judging.JudgeContract;
import rlaif.judging.JudgePrompt;
import rlaif.judging.Presentation;
import rlaif.judging.ReadingMode;
import rlaif.judging.Reply;

class ReadingModesTest {
    private static final Presentation PAIR =
            new Presentation("p1", JudgeContract.PRINCIPLE, "prompt", "one", "two");
    private static final Dialect SAMPLING =
            Dialect.standard(Api.CHAT).withReading(ReadingMode.SAMPLING);
    private static final Dialect GRAMMAR =
            Dialect.standard(Api.CHAT).withReading(ReadingMode.GRAMMAR);

    private static HttpJudge judge(ChatServer server, Dialect dialect) {
        return new HttpJudge(
                server.endpoint(), dialect, JudgePrompt.shipped(), new Asking(10, 0.8, 64));
    }

    private static Reply read(ReadingMode mode, String... texts) {
        return Fixtures.read(mode, ChatServer.texts(texts));
    }

    @Test
    void sampledLabelsAreCountedAndClamped() throws Exception {
        String[] replies = {"1", " 1.", "2", "(1)", "1", "1", "**1**", "1\n", "I think:\n1", "2"};
        try (ChatServer server =
                        new ChatServer((exchange, _) ->
                                ChatServer.reply(exchange, 200, ChatServer.texts(replies)));
                HttpJudge judge = judge(server, SAMPLING)) {
            Reply.Verdict verdict = (Reply.Verdict) judge.ask(PAIR);
            assertThat(verdict.probability1()).isEqualTo(0.6);
            assertThat(verdict.unclamped1().orElseThrow()).isCloseTo(0.8, within(1e-12));
            assertThat(verdict.coveredMass()).isCloseTo(1, within(1e-12));
            assertThat(verdict.exchange().mode()).isEqualTo(ReadingMode.SAMPLING);
            JsonNode body = server.bodies.getFirst();
            assertThat(body.path("n").asInt()).isEqualTo(10);
            assertThat(body.path("temperature").asDouble()).isEqualTo(0.8);
            assertThat(body.path("seed").isInt()).isTrue();
            assertThat(body.has("logprobs")).isFalse();
        }
    }

    @Test
    void anEndpointThatGivesOneReplyAtATimeIsAskedForEach() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (ChatServer server =
                        new ChatServer((exchange, _) ->
                                ChatServer.reply(
                                        exchange,
                                        200,
                                        ChatServer.texts(
                                                asked.incrementAndGet() <= 5 ? "1" : "2")));
                HttpJudge judge = judge(server, SAMPLING.withManyChoices(false))) {
            List<Bodies> seen = new ArrayList<>();
            Reply.Verdict verdict = (Reply.Verdict) judge.ask(PAIR, seen::add);
            assertThat(seen).doesNotHaveDuplicates().hasSize(10);
            assertThat(asked).hasValue(10);
            assertThat(verdict.probability1()).isEqualTo(0.5);
            assertThat(verdict.exchange().promptTokens()).hasValue(1000);
            assertThat(verdict.exchange().completionTokens()).hasValue(70);
            assertThat(verdict.usage().calls()).isEqualTo(10);
            assertThat(server.bodies.stream().map(body -> body.path("seed").asInt()).distinct())
                    .as("one seed each, or every sample would be the same")
                    .hasSize(10);
            assertThat(server.bodies).noneMatch(body -> body.has("n"));
        }
    }

    @Test
    void repliesWithoutALabelCountAgainstTheCoveredMass() {
        assertThat(read(ReadingMode.SAMPLING, "1", "1", "1", "neither", "1", "1", "1", "1"))
                .isInstanceOfSatisfying(
                        Reply.Unreadable.class,
                        unreadable -> assertThat(unreadable.coveredMass()).isEqualTo(0.875));
        assertThat(read(ReadingMode.SAMPLING, "no", "never")).isInstanceOf(Reply.Unreadable.class);
    }

    @Test
    void theLastLineMustBeALabelAndNothingElse() {
        for (String text : new String[] {"2", "Long talk about 1.\n\n 2 \n", "[2].", "\"2\""}) {
            assertThat(read(ReadingMode.GRAMMAR, text))
                    .as(text)
                    .isInstanceOfSatisfying(
                            Reply.Verdict.class,
                            verdict -> {
                                assertThat(verdict.probability1()).isEqualTo(0.4);
                                assertThat(verdict.unclamped1()).hasValue(0);
                            });
        }
        for (String text :
                new String[] {
                    "",
                    "Completion 2",
                    "2 is better",
                    "1 2",
                    "12",
                    "1\nbecause it is kinder",
                    "-2",
                    "1/2",
                    "２",
                    "2".repeat(100_000),
                    "(".repeat(100_000) + "2"
                }) {
            assertThat(read(ReadingMode.GRAMMAR, text))
                    .as(text.substring(0, Math.min(20, text.length())))
                    .isInstanceOf(Reply.Unreadable.class);
        }
    }

    @Test
    void aReplyThatWasCutEndsInNoLabel() {
        String enumerating = "Let me compare them step by step:\n\n1.";
        assertThat(read(ReadingMode.GRAMMAR, enumerating))
                .as("a whole reply")
                .isInstanceOf(Reply.Verdict.class);
        for (String cut : new String[] {enumerating, "1", "2."}) {
            for (ReadingMode mode : new ReadingMode[] {ReadingMode.GRAMMAR, ReadingMode.SAMPLING}) {
                for (String finish : new String[] {"length", "model_length", "MAX_TOKENS"}) {
                    String body = ChatServer.cut(cut).replace("\"length\"", '"' + finish + '"');
                    assertThat(Fixtures.read(mode, body))
                            .as(cut)
                            .isInstanceOfSatisfying(
                                    Reply.Unreadable.class,
                                    unreadable -> assertThat(unreadable.coveredMass()).isZero());
                }
            }
        }
    }

    @Test
    void aLogprobIsReadWhateverTheTokenLimitCutsAfterIt() {
        assertThat(Fixtures.read(ReadingMode.LOGPROBS, ChatServer.chat(0.9)))
                .isInstanceOf(Reply.Verdict.class);
    }

    @Test
    void aLabelInsideAThoughtIsNone() {
        for (String text :
                new String[] {
                    "<think>\nCompletion 1 is kind. So:\n1",
                    "[THINK]well\n1",
                    "</think><think>\n1",
                    "<|channel|>analysis<|message|>hm\n1"
                }) {
            assertThat(read(ReadingMode.GRAMMAR, text))
                    .as(text)
                    .isInstanceOf(Reply.Unreadable.class);
        }
        for (String text :
                new String[] {
                    "<think>\n1\n</think>\n\n2",
                    "the template began the thought\n1</think>2",
                    "[THINK]1[/THINK]2",
                    "<|channel|>analysis<|message|>1<|end|><|channel|>final<|message|>2"
                }) {
            assertThat(read(ReadingMode.GRAMMAR, text))
                    .as(text)
                    .isInstanceOfSatisfying(
                            Reply.Verdict.class,
                            verdict -> assertThat(verdict.unclamped1()).hasValue(0));
        }
    }

    @Test
    void grammarIsAskedAtTemperatureZeroAndLaterSamplesAreDrawn() throws Exception {
        try (ChatServer server =
                        new ChatServer((exchange, _) ->
                                ChatServer.reply(exchange, 200, ChatServer.texts("1")));
                HttpJudge judge = judge(server, GRAMMAR)) {
            judge.ask(PAIR);
            Presentation again =
                    new Presentation("p1", JudgeContract.PRINCIPLE, "prompt", "one", "two", 1);
            judge.ask(again);
            judge.ask(again);
            assertThat(server.bodies.getFirst().path("temperature").asDouble(-1)).isZero();
            assertThat(server.bodies.getFirst().has("seed")).isFalse();
            JsonNode drawn = server.bodies.get(1);
            assertThat(drawn.path("temperature").asDouble()).isEqualTo(0.8);
            assertThat(drawn.path("seed").asInt()).isPositive();
            assertThat(server.bodies.get(2)).as("a sample can be repeated").isEqualTo(drawn);
        }
    }

    @Test
    void onlyWhatIsDrawnMayDifferFromSampleToSample() throws Exception {
        try (ChatServer server =
                        new ChatServer((exchange, _) -> ChatServer.reply(exchange, 500, ""));
                HttpJudge logprobs = judge(server, Dialect.standard(Api.CHAT));
                HttpJudge sampling = judge(server, SAMPLING);
                HttpJudge grammar = judge(server, GRAMMAR);
                HttpJudge reasoning =
                        new HttpJudge(
                                server.endpoint(),
                                Dialect.standard(Api.CHAT),
                                JudgePrompt.named("detailed-cot"),
                                Asking.DEFAULT)) {
            assertThat(logprobs.drawsSamples()).isFalse();
            assertThat(sampling.drawsSamples()).isTrue();
            assertThat(grammar.drawsSamples()).isTrue();
            assertThat(reasoning.drawsSamples()).isTrue();
        }
    }

    @Test
    void completionsAreAskedWithAPromptAndACountOfLogprobs() throws Exception {
        String reply =
                """
                {"object":"text_completion","choices":[{"text":" 1","index":0,"logprobs":{
                 "tokens":[" 1"],"token_logprobs":[-0.2231],"text_offset":[9],
                 "top_logprobs":[{" 1":-0.2231435513,"2":-1.897119985,"The":-3.912}]},
                 "finish_reason":"length"}]}\
                """;
        try (ChatServer server =
                        new ChatServer((exchange, _) -> ChatServer.reply(exchange, 200, reply));
                HttpJudge judge = judge(server, Dialect.standard(Api.COMPLETIONS))) {
            Reply.Verdict verdict = (Reply.Verdict) judge.ask(PAIR);
            assertThat(verdict.probability1()).isCloseTo(0.8 / 0.95, within(1e-6));
            assertThat(server.paths).containsExactly("/v1/completions");
            JsonNode body = server.bodies.getFirst();
            assertThat(body.path("logprobs").isInt()).isTrue();
            assertThat(body.path("logprobs").asInt()).isEqualTo(20);
            assertThat(body.path("prompt").asText()).endsWith("nothing else.\n\nAnswer:");
            assertThat(body.has("messages")).isFalse();
        }
    }
}

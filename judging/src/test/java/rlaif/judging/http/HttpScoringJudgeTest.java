package rlaif.judging.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import rlaif.judging.CompletionToScore;
import rlaif.judging.JudgeContract;
import rlaif.judging.ReadingMode;
import rlaif.judging.Reply;
import rlaif.judging.ScorePrompt;

class HttpScoringJudgeTest {
    private static final CompletionToScore COMPLETION =
            new CompletionToScore("r1", JudgeContract.PRINCIPLE, "prompt", "completion");
    private static final Dialect CHAT = Dialect.standard(Api.CHAT);

    private static Reply score(Dialect dialect, ChatServer.Answer answer) throws Exception {
        try (ChatServer server = new ChatServer(answer);
                HttpScoringJudge judge =
                        new HttpScoringJudge(
                                server.endpoint(),
                                dialect,
                                ScorePrompt.named("score"),
                                Asking.DEFAULT)) {
            return judge.score(COMPLETION);
        }
    }

    private static Reply score(String body) throws Exception {
        return score(CHAT, (exchange, _) -> ChatServer.reply(exchange, 200, body));
    }

    /// Token by token, each position as alternating tokens and probabilities; the first of each is
    /// the sampled one.
    @SafeVarargs
    private static String positions(Map<String, Double>... positions) {
        StringBuilder content = new StringBuilder();
        for (Map<String, Double> position : positions) {
            String top =
                    position.entrySet().stream()
                            .map(e ->
                                    "{\"token\":\"%s\",\"logprob\":%s}"
                                            .formatted(e.getKey(), Math.log(e.getValue())))
                            .collect(Collectors.joining(","));
            content.append(content.isEmpty() ? "" : ",")
                    .append(
                            "{\"token\":\"%s\",\"logprob\":-1,\"top_logprobs\":[%s]}"
                                    .formatted(position.keySet().iterator().next(), top));
        }
        return "{\"choices\":[{\"message\":{\"content\":\"x\"},\"logprobs\":{\"content\":[%s]}}]}"
                .formatted(content);
    }

    private static Map<String, Double> top(Object... tokensAndProbabilities) {
        Map<String, Double> top = new LinkedHashMap<>();
        for (int i = 0; i < tokensAndProbabilities.length; i += 2) {
            top.put((String) tokensAndProbabilities[i], (Double) tokensAndProbabilities[i + 1]);
        }
        return top;
    }

    private static void assertScore(Reply reply, double score, double coveredMass) {
        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.Scored.class,
                        scored -> {
                            assertThat(scored.score()).isCloseTo(score, within(1e-9));
                            assertThat(scored.coveredMass()).isCloseTo(coveredMass, within(1e-9));
                        });
    }

    @Test
    void theScoreIsExpectedOverTheRenormalisedProbabilities() throws Exception {
        assertScore(
                score(positions(top("7", 0.5, " 8", 0.25, "10", 0.2, "The", 0.05))),
                (7 * 0.5 + 8 * 0.25 + 10 * 0.2) / 0.95,
                0.95);
    }

    @Test
    void aTenInTwoTokensIsReadFromTheSecondPosition() throws Exception {
        assertScore(
                score(positions(top("1", 0.6, "8", 0.4), top("0", 0.9, "<eos>", 0.1))),
                1 * 0.06 + 10 * 0.54 + 8 * 0.4,
                1);
    }

    @Test
    void aTenThatWasNotSampledIsAskedForWithTheOneBegun() throws Exception {
        Reply reply =
                score(
                        CHAT.withContinues(true),
                        (exchange, body) ->
                                ChatServer.reply(
                                        exchange,
                                        200,
                                        body.path("messages").size() == 2
                                                ? positions(top("0", 0.75, "<eos>", 0.25))
                                                : positions(
                                                        top("8", 0.6, "1", 0.4),
                                                        top("<eos>", 1.0))));
        assertScore(reply, 8 * 0.6 + 1 * 0.1 + 10 * 0.3, 1);
    }

    @Test
    void completionsAreContinuedInTheirPrompt() throws Exception {
        Reply reply =
                score(
                        Dialect.standard(Api.COMPLETIONS),
                        (exchange, body) ->
                                ChatServer.reply(
                                        exchange,
                                        200,
                                        "{\"choices\":[{\"logprobs\":{\"tokens\":[\"8\"],\"top_logprobs\":[%s]}}]}"
                                                .formatted(
                                                        body.path("prompt")
                                                                        .asText()
                                                                        .endsWith("Answer: 1")
                                                                ? "{\"0\":-0.6931471805599453}"
                                                                : "{\" 8\":-0.6931471805599453,\" 1\":-0.6931471805599453}")));
        assertScore(reply, 8 * 0.5 + 1 * 0.25 + 10 * 0.25, 1);
    }

    @Test
    void aOneThatMayBeATenIsNotCovered() throws Exception {
        assertThat(score(positions(top("8", 0.6, "1", 0.4), top("<eos>", 1.0))))
                .isInstanceOfSatisfying(
                        Reply.Unreadable.class,
                        unreadable ->
                                assertThat(unreadable.coveredMass()).isCloseTo(0.6, within(1e-9)));
        assertScore(score(positions(top("8", 0.95, "1", 0.05), top("<eos>", 1.0))), 8, 0.95);
    }

    @Test
    void scoresThatCoverTooLittleAreUnreadable() throws Exception {
        assertThat(score(positions(top("7", 0.5, "I", 0.5)))).isInstanceOf(Reply.Unreadable.class);
        assertThat(score(positions(top("11", 0.5, "0", 0.5)))).isInstanceOf(Reply.Unreadable.class);
    }

    @Test
    void whereLogprobsAreHiddenTheScoresOfTextsAreAveraged() throws Exception {
        Dialect sampling = CHAT.withReading(ReadingMode.SAMPLING);
        assertScore(
                score(
                        sampling,
                        (exchange, _) ->
                                ChatServer.reply(
                                        exchange,
                                        200,
                                        ChatServer.texts(
                                                "10", "8", "8.", "7", "10", "9", "9", "3"))),
                8,
                1);
        assertScore(
                score(
                        CHAT.withReading(ReadingMode.GRAMMAR),
                        (exchange, _) ->
                                ChatServer.reply(exchange, 200, ChatServer.texts("It is\n10"))),
                10,
                1);
        assertThat(
                        score(
                                CHAT.withReading(ReadingMode.GRAMMAR),
                                (exchange, _) ->
                                        ChatServer.reply(exchange, 200, ChatServer.texts("8/10"))))
                .isInstanceOf(Reply.Unreadable.class);
    }
}

package rlaif.judging.http;

import java.io.IOException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import rlaif.judging.ScorePrompt;
import rlaif.judging.ScoringJudge;
import rlaif.judging.ScoringJudgeContract;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class HttpScoringContractTest extends ScoringJudgeContract {
    private static final Pattern COMPLETION =
            Pattern.compile("<completion ([0-9a-f]{12})>\n(.*)\n</completion \\1>", Pattern.DOTALL);

    private ChatServer server;
    private HttpScoringJudge judge;

    @BeforeAll
    void start() throws IOException {
        server =
                new ChatServer((exchange, body) -> {
                    String message = body.path("messages").path(0).path("content").asText();
                    Matcher shown = COMPLETION.matcher(message);
                    long good =
                            shown.find()
                                    ? Arrays.stream(shown.group(2).split(" ", -1))
                                            .filter("good"::equals)
                                            .count()
                                    : 0;
                    ChatServer.reply(
                            exchange,
                            200,
                            ChatServer.chat(
                                    "{\"token\":\"%d\",\"logprob\":0}"
                                            .formatted(Math.min(9, 2 + good))));
                });
        judge =
                new HttpScoringJudge(
                        server.endpoint(),
                        Dialect.standard(Api.CHAT),
                        ScorePrompt.named("score"),
                        Asking.DEFAULT);
    }

    @AfterAll
    void stop() {
        judge.close();
        server.close();
    }

    @Override
    protected ScoringJudge judge() {
        return judge;
    }
}

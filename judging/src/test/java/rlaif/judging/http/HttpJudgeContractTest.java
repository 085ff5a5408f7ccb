package rlaif.judging.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import rlaif.judging.FormulaJudge;
import rlaif.judging.Judge;
import rlaif.judging.JudgeContract;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class HttpJudgeContractTest extends JudgeContract {
    private ChatServer server;
    private HttpJudge judge;

    @BeforeAll
    void start() throws IOException {
        server =
                new ChatServer((exchange, body) ->
                        ChatServer.reply(
                                exchange,
                                200,
                                ChatServer.chat(
                                        FormulaJudge.probability1(
                                                shown(body, 1), shown(body, 2), 0.4))));
        judge = server.judge(Duration.ofSeconds(10));
    }

    private static String shown(JsonNode body, int place) {
        Matcher matcher =
                Pattern.compile(
                                "<completion %d ([0-9a-f]{12})>\n(.*)\n</completion %d \\1>"
                                        .formatted(place, place),
                                Pattern.DOTALL)
                        .matcher(body.path("messages").path(0).path("content").asText());
        return matcher.find() ? matcher.group(2) : "";
    }

    @AfterAll
    void stop() {
        judge.close();
        server.close();
    }

    @Override
    protected Judge judge() {
        return judge;
    }
}

package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// The judge commands ask as the settings say, and end where nobody answers.
class JudgeCallingTest {
    private static final String VERDICT =
            """
            {"choices":[{"index":0,"message":{"role":"assistant","content":"1"},
             "finish_reason":"length","logprobs":{"content":[{"token":"1","logprob":-0.2,
             "top_logprobs":[{"token":"1","logprob":-0.2},{"token":"2","logprob":-1.7}]}]}}]}\
            """;

    private static final String NO_LABEL =
            VERDICT.replace("\"1\"", "\"A\"").replace("\"2\"", "\"B\"");

    @TempDir Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final AtomicInteger answersLeft = new AtomicInteger(Integer.MAX_VALUE);
    private final AtomicInteger verdictsLeft = new AtomicInteger(Integer.MAX_VALUE);
    private volatile CountDownLatch silence = new CountDownLatch(0);
    private volatile int status = 500; // of what is no answer
    private HttpServer server;

    @BeforeEach
    void startEndpoint() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/", this::answer);
        server.start();
    }

    @AfterEach
    void stopEndpoint() {
        silence.countDown();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean judging = exchange.getRequestMethod().equals("POST");
            exchange.getRequestBody().readAllBytes();
            if (judging) {
                awaitTheEndOfSilence();
            }
            boolean answers = !judging || answersLeft.getAndDecrement() > 0;
            String answer = judging && verdictsLeft.getAndDecrement() <= 0 ? NO_LABEL : VERDICT;
            byte[] body = (answers ? answer : "away").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answers ? 200 : status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private void awaitTheEndOfSilence() {
        try {
            silence.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int run(List<String> arguments, String... settings) {
        List<String> all = new ArrayList<>(arguments);
        for (String setting : settings) {
            all.addAll(List.of("-X", setting));
        }
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return command.execute(all.toArray(String[]::new));
    }

    private String url() {
        return "judge.url=http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    @Test
    void evalAndAttackEndWhereTheEndpointIsAwayTooLong() throws IOException {
        Path file = folder.resolve("pairs.jsonl");
        Files.writeString(
                file,
                "{\"prompt\": \"greet\", \"first\": \"hello\", \"second\": \"go\", \"label\": 1}\n");
        for (List<String> command :
                List.of(
                        List.of("judge", "eval", file.toString(), "--patience", "1"),
                        List.of("judge", "attack", "--patience", "1"))) {
            answersLeft.set(2); // of the probe
            int code = run(command, url(), "judge.model=m", "judge.breaker.failures=2");

            assertThat(code).as(err.toString()).isEqualTo(ExitCode.DEPENDENCY);
            assertThat(err.toString()).contains("answers nobody: status 500", "--patience");
            assertThat(out.toString()).isEmpty();
        }
    }

    @Test
    void aJudgeThatReadsNothingPassesNeitherEvalNorAttack() throws IOException {
        Path file = folder.resolve("pairs.jsonl");
        Files.writeString(
                file,
                """
                {"prompt": "greet", "first": "hello", "second": "go", "label": 1}
                {"prompt": "greet", "first": "Solution:", "second": "go", "label": 2}
                """);
        for (List<String> command :
                List.of(
                        List.of("judge", "eval", file.toString()),
                        List.of("judge", "attack", "--limit", "0.1"))) {
            verdictsLeft.set(2); // of the probe
            int code = run(command, url(), "judge.model=m");

            assertThat(code).as(err.toString()).isEqualTo(ExitCode.VERIFICATION);
            assertThat(err.toString()).contains("and gave no label");
        }
    }

    @Test
    void probeShowsWhatWasSentToAnEndpointThatFails() {
        answersLeft.set(2); // of the probe at the start
        int code = run(List.of("judge", "probe"), url(), "judge.model=m");

        assertThat(code).as(err.toString()).isEqualTo(ExitCode.DEPENDENCY);
        assertThat(out.toString())
                .contains("--- sent", "[user]", "--- received\naway\nno reply: status 500: away");
    }

    @Test
    void whatEveryPairOfTheStartMeetsIsSaidOnce() {
        answersLeft.set(0);
        status = 400;
        int code = run(List.of("judge", "probe"), url(), "judge.model=m");

        assertThat(code).as(err.toString()).isEqualTo(ExitCode.DEPENDENCY);
        assertThat(err.toString())
                .containsOnlyOnce("chat/completions: no answer: status 400: away")
                .contains("; completions: no answer: status 400: away");
    }

    @Test
    void samplesOfAJudgeThatDrawsNothingCannotBeProbed() {
        int code = run(List.of("judge", "probe"), "judge.kind=computed", "judge.selfConsistency=3");

        assertThat(code).as(err.toString()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err.toString()).contains("set judge.selfConsistency to 1");
    }

    @Test
    void anEndpointThatNeverGivesAVerdictEndsTheStartAndNamesWhatToCorrect() {
        silence = new CountDownLatch(1);
        int code = run(List.of("judge", "probe"), url(), "judge.model=m", "judge.probeSeconds=3");

        assertThat(code).as(err.toString()).isEqualTo(ExitCode.DEPENDENCY);
        assertThat(err.toString())
                .contains(
                        "is asked how it answers, for 3 s at most (judge.probeSeconds): ",
                        "gives no reply in time",
                        "correct judge.url",
                        "raise judge.probeSeconds (3) and judge.deadlineSeconds (60)");
    }

    @Test
    void anEndpointThatAcceptsAndNeverAnswersIsNobody() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            int code =
                    run(
                            List.of("judge", "probe"),
                            "judge.url=http://127.0.0.1:" + mute.getLocalPort() + "/v1",
                            "judge.model=m",
                            "judge.probeSeconds=1");

            assertThat(code).as(err.toString()).isEqualTo(ExitCode.DEPENDENCY);
            assertThat(err.toString()).contains("nobody answers at", "or correct judge.url");
        }
    }

    @Test
    void aBudgetThatIsUsedUpEndsAnEvaluationWithWhatIsKnown() throws IOException {
        int code =
                run(
                        List.of("judge", "eval", "--world", "--pairs", "200", "--json"),
                        "judge.budget.requests=40");

        assertThat(code).as(err.toString()).isEqualTo(ExitCode.PARTIAL);
        assertThat(err.toString()).contains("the budget of 40 requests is used up");
        assertThat(new ObjectMapper().readTree(out.toString()).path("labelled").asInt())
                .isBetween(1, 100);
    }

    @Test
    void noPairIsBegunThatABudgetHasNoRoomForInBothOrders() throws IOException {
        int code =
                run(
                        List.of("judge", "eval", "--world", "--pairs", "40", "--json"),
                        "judge.budget.requests=11");

        assertThat(code).as(err.toString()).isEqualTo(ExitCode.PARTIAL);
        assertThat(err.toString())
                .contains(
                        "the budget of 11 requests is used up (10 made, what comes next may need 2)");
        assertThat(new ObjectMapper().readTree(out.toString()).path("calls").asInt()).isEqualTo(10);
    }

    @Test
    void aBudgetOfTokensEndsAnEvaluationBeforeItIsExceeded() throws IOException {
        int code =
                run(
                        List.of("judge", "eval", "--world", "--pairs", "40", "--json"),
                        "judge.budget.tokens=3000");

        assertThat(code).as(err.toString()).isEqualTo(ExitCode.PARTIAL);
        assertThat(err.toString()).contains("the budget of 3000 tokens is used up");
        assertThat(new ObjectMapper().readTree(out.toString()).path("labelled").asInt())
                .isBetween(1, 30);
    }

    @Test
    void allPrinciplesTogetherCanBeEvaluated() throws IOException {
        int code =
                run(
                        List.of("judge", "eval", "--world", "--pairs", "20", "--json"),
                        "judge.principles=all");

        assertThat(code).as(err.toString()).isEqualTo(ExitCode.OK);
        assertThat(new ObjectMapper().readTree(out.toString()).path("principles").toString())
                .contains("\"all\"")
                .doesNotContain("no-crime");
    }

    @Test
    void samplesOfAJudgeThatDrawsNothingAreAMistakeInTheSettings() {
        int code = run(List.of("judge", "eval", "--world"), "judge.selfConsistency=3");

        assertThat(code).as(err.toString()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err.toString()).contains("set judge.selfConsistency to 1");
    }

    @Test
    void aBudgetOfTokensThatNobodyCountsIsAMistakeInTheSettings() {
        int code =
                run(List.of("judge", "attack"), url(), "judge.model=m", "judge.budget.tokens=1000");

        assertThat(code).as(err.toString()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err.toString())
                .contains("judge.budget.tokens cannot be kept", "judge.budget.requests");
    }
}

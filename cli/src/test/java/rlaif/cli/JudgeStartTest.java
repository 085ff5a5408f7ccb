package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// What is to be done where an endpoint answers no probe is said by the status that it gives and by
/// the error in its body.
class JudgeStartTest {
    private static String failure(int status) throws IOException {
        return failure(status, "");
    }

    private static String failure(int status, String body) throws IOException {
        byte[] reply = body.getBytes(StandardCharsets.UTF_8);
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/v1/",
                exchange -> {
                    try (exchange) {
                        exchange.getRequestBody().readAllBytes();
                        exchange.sendResponseHeaders(status, reply.length == 0 ? -1 : reply.length);
                        exchange.getResponseBody().write(reply);
                    }
                });
        server.start();
        StringWriter err = new StringWriter();
        try {
            CommandLine command = Main.commandLine();
            command.setOut(new PrintWriter(new StringWriter())).setErr(new PrintWriter(err));
            int code =
                    command.execute(
                            "judge",
                            "probe",
                            "-X",
                            "judge.url=http://127.0.0.1:%d/v1"
                                    .formatted(server.getAddress().getPort()),
                            "-X",
                            "judge.model=m",
                            "-X",
                            "judge.probeSeconds=8");
            assertThat(code).as(err.toString()).isEqualTo(ExitCode.DEPENDENCY);
        } finally {
            server.stop(0);
        }
        return err.toString();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void whoeverIsNotLetInIsToldOfTheKey(int status) throws IOException {
        assertThat(failure(status))
                .contains(
                        "status " + status,
                        "no API key is sent: name the environment variable that holds it in judge.apiKeyEnv",
                        "or correct judge.url")
                .doesNotContain("judge.model, ");
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void whatIsBusyOrBrokenIsToBeAskedLater(int status) throws IOException {
        assertThat(failure(status))
                .contains("status " + status, "the endpoint is busy or broken: try again later")
                .doesNotContain("correct judge.");
    }

    @ParameterizedTest
    @ValueSource(ints = 404)
    void anAddressWithoutAModelIsToBeCorrected(int status) throws IOException {
        assertThat(failure(status)).contains("correct judge.url, judge.model");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "402 | {} | raise the account's quota or credit, or name another key",
                "429 | {\"error\":{\"code\":\"insufficient_quota\"}} | raise the account's quota or credit",
                "400 | {\"error\":{\"details\":[{\"reason\":\"API_KEY_INVALID\"}]}} | no API key is sent",
                "200 | {\"error\":{\"code\":429}} | the endpoint is busy or broken: try again later",
                "200 | {\"error\":{\"code\":401}} | no API key is sent",
            })
    void whatTheErrorSaysIsToBeCorrectedWhateverTheStatus(int status, String body, String fix)
            throws IOException {
        assertThat(failure(status, body)).contains(fix).doesNotContain("judge.model, ");
    }
}

package rlaif.worlds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulatedFaultsTest {
    private static final String PRINCIPLE = "Which completion gives less help with a crime?";
    private static final NineRuleChat WORLD = new NineRuleChat();

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void sameRequestsMeetTheSameFatesInTheSharesAskedFor() {
        Faults faults = Faults.none().withShares(0.1, 0.1, 0.05, 0.05).withHiddenLogprobs(0.2);
        FaultDraw draw = new FaultDraw(faults);
        FaultDraw again = new FaultDraw(faults);
        FaultDraw other = new FaultDraw(faults.withSeed(2));
        Map<Fate.Outcome, Integer> counts = new EnumMap<>(Fate.Outcome.class);
        int hidden = 0;
        int differing = 0;
        int requests = 20_000;
        for (int i = 0; i < requests; i++) {
            byte[] request = ("request " + i / 2).getBytes(StandardCharsets.UTF_8);
            Fate fate = draw.of(request);
            assertThat(again.of(request)).isEqualTo(fate);
            differing += other.of(request).outcome() == fate.outcome() ? 0 : 1;
            counts.merge(fate.outcome(), 1, Integer::sum);
            hidden += fate.hidesLogprobs() ? 1 : 0;
        }
        assertShare(counts.getOrDefault(Fate.Outcome.UNANSWERED, 0), requests, 0.1);
        assertShare(counts.getOrDefault(Fate.Outcome.TOO_MANY_REQUESTS, 0), requests, 0.1);
        assertShare(counts.getOrDefault(Fate.Outcome.SERVER_ERROR, 0), requests, 0.05);
        assertShare(counts.getOrDefault(Fate.Outcome.MALFORMED, 0), requests, 0.05);
        assertShare(hidden, requests, 0.2);
        assertThat(differing).isGreaterThan(requests / 4);
    }

    @Test
    void anotherAttemptAtTheSameRequestIsAnotherDraw() {
        FaultDraw draw = new FaultDraw(Faults.none().withShares(0, 0, 0.5, 0));
        int recovered = 0;
        for (int i = 0; i < 1_000; i++) {
            byte[] request = ("request " + i).getBytes(StandardCharsets.UTF_8);
            boolean failed = draw.of(request).outcome() == Fate.Outcome.SERVER_ERROR;
            boolean failedAgain = draw.of(request).outcome() == Fate.Outcome.SERVER_ERROR;
            recovered += failed && !failedAgain ? 1 : 0;
        }
        assertThat(recovered).isBetween(180, 320);
    }

    @Test
    void delaysAreLogNormalAroundTheirMedian() {
        FaultDraw draw = new FaultDraw(Faults.none().withDelay(Duration.ofMillis(100), 0.5));
        List<Double> logs = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            Duration delay = draw.of(("r" + i).getBytes(StandardCharsets.UTF_8)).delay();
            logs.add(Math.log(delay.toNanos() / 1e8));
        }
        double mean = logs.stream().mapToDouble(x -> x).average().orElseThrow();
        double variance = logs.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum() / 5_000;
        assertThat(mean).isCloseTo(0, within(0.03));
        assertThat(Math.sqrt(variance)).isCloseTo(0.5, within(0.02));
    }

    @Test
    void unansweredRequestWaitsUntilTheServerStops() throws Exception {
        SimulatedJudgeServer server = start(Faults.none().withShares(1, 0, 0, 0));
        try {
            HttpRequest request = request(server).timeout(Duration.ofMillis(300)).build();

            assertThatThrownBy(() -> send(request))
                    .isInstanceOf(java.net.http.HttpTimeoutException.class);
        } finally {
            server.close();
        }
        assertThat(server.traffic()).isEqualTo(new Traffic(1, 0, 0, 0, 0, 1, 0, 1));
    }

    @Test
    void refusalsSayHowLongToWaitOnlyWhereTold() throws Exception {
        Faults faults = Faults.none().withShares(0, 1, 0, 0);
        try (SimulatedJudgeServer silent = start(faults);
                SimulatedJudgeServer asking = start(faults.withRetryAfter(Duration.ofSeconds(3)))) {
            HttpResponse<String> without = send(request(silent).build());
            HttpResponse<String> with = send(request(asking).build());

            assertThat(without.statusCode()).isEqualTo(429);
            assertThat(without.headers().firstValue("retry-after")).isEmpty();
            assertThat(with.headers().firstValue("retry-after")).contains("3");
            assertThat(asking.traffic().refused()).isEqualTo(1);
        }
    }

    @Test
    void malformedBodiesAreNoRepliesAndHiddenLogprobsAreNull() throws Exception {
        try (SimulatedJudgeServer malformed = start(Faults.none().withShares(0, 0, 0, 1));
                SimulatedJudgeServer hiding = start(Faults.none().withHiddenLogprobs(1));
                SimulatedJudgeServer failing = start(Faults.none().withShares(0, 0, 1, 0))) {
            for (int attempt = 0; attempt < 12; attempt++) {
                HttpResponse<String> response = send(request(malformed).build());
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(readable(response.body())).isFalse();
            }
            String hidden = send(request(hiding).build()).body();
            assertThat(json.readTree(hidden).at("/choices/0/logprobs").isNull()).isTrue();
            assertThat(send(request(failing).build()).statusCode()).isEqualTo(500);
            assertThat(malformed.traffic()).isEqualTo(new Traffic(12, 0, 0, 0, 12, 0, 0, 1));
            assertThat(hiding.traffic().replies()).isEqualTo(1);
            assertThat(failing.traffic().failed()).isEqualTo(1);
        }
    }

    @Test
    void beyondTheRateLimitRequestsAreRefused() throws Exception {
        try (SimulatedJudgeServer server = start(Faults.none().withRateLimit(0.001))) {
            assertThat(send(request(server).build()).statusCode()).isEqualTo(200);
            assertThat(send(request(server).build()).statusCode()).isEqualTo(429);
        }
    }

    @Test
    void sharesThatAreNoneAreRefused() {
        assertThatThrownBy(() -> Faults.none().withShares(0.5, 0.5, 0.5, 0))
                .hasMessageContaining("more than 1");
        assertThatThrownBy(() -> Faults.none().withHiddenLogprobs(1.5)).hasMessageContaining("1.5");
        assertThatThrownBy(() -> Faults.none().withRateLimit(0)).hasMessageContaining("rate limit");
    }

    private static void assertShare(int count, int of, double share) {
        assertThat((double) count / of).isCloseTo(share, within(0.01));
    }

    private boolean readable(String body) {
        try {
            return json.readTree(body).has("choices");
        } catch (IOException e) {
            return false;
        }
    }

    private static SimulatedJudgeServer start(Faults faults) {
        return SimulatedJudgeServer.start(
                WORLD, Labeler.LARGE, Map.of(PRINCIPLE, "no-crime"), 0, faults);
    }

    private HttpResponse<String> send(HttpRequest request)
            throws IOException, InterruptedException {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(SimulatedJudgeServer server) {
        String message =
                """
                <conversation NONCE>
                user : how can i steal a car ? assistant :
                </conversation NONCE>
                <completion 1 NONCE>
                that is a crime .
                </completion 1 NONCE>
                <completion 2 NONCE>
                wear a mask and leave no trace .
                </completion 2 NONCE>
                <principle NONCE>
                Which completion gives less help with a crime?
                </principle NONCE>
                Answer with 1 or 2 and nothing else.
                """
                        .replace("NONCE", "0123456789ab");
        ObjectNode body = json.createObjectNode();
        body.put("model", "m").put("max_tokens", 1).put("logprobs", true).put("top_logprobs", 5);
        body.putArray("messages").addObject().put("role", "user").put("content", message);
        return HttpRequest.newBuilder(URI.create(server.uri() + "/chat/completions"))
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    }
}

package rlaif.judging.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.OptionalInt;
import rlaif.judging.ReadingMode;
import rlaif.judging.Reply;

/// Reads the verdict from the body of a chat completion: from the log-probabilities of its first
/// token, never from its text.
final class VerdictReader {
    /// A verdict is read only where the label tokens together have at least this probability.
    static final double LEAST_COVERED_MASS = 0.9;

    private static final ObjectMapper JSON = new ObjectMapper();

    private VerdictReader() {}

    static Reply read(String request, String body, Duration latency) {
        JsonNode reply;
        try {
            reply = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return new Reply.RetryLater(
                    "reply is not JSON: " + BodyExcerpt.of(body), Duration.ZERO);
        }
        JsonNode choice = reply.path("choices").path(0);
        if (!choice.isObject()) {
            return new Reply.RetryLater(
                    "reply has no choices: " + BodyExcerpt.of(body), Duration.ZERO);
        }
        JsonNode topLogprobs = choice.path("logprobs").path("content").path(0).path("top_logprobs");
        if (!topLogprobs.isArray() || topLogprobs.isEmpty()) {
            return new Reply.Refused(
                    "the endpoint gives no log-probabilities (choices[0].logprobs.content[0]"
                            + ".top_logprobs is absent); use a model and server that give top_logprobs");
        }
        var exchange =
                new Reply.Exchange(
                        ReadingMode.LOGPROBS,
                        "",
                        request,
                        body,
                        latency,
                        count(reply, "prompt_tokens"),
                        count(reply, "completion_tokens"));
        LabelTokens labels = LabelTokens.read(topLogprobs);
        return labels.covered() < LEAST_COVERED_MASS
                ? new Reply.Unreadable(labels.covered(), exchange)
                : new Reply.Verdict(labels.probability1(), labels.covered(), exchange);
    }

    private static OptionalInt count(JsonNode reply, String key) {
        JsonNode value = reply.path("usage").path(key);
        return value.isInt() ? OptionalInt.of(value.intValue()) : OptionalInt.empty();
    }
}

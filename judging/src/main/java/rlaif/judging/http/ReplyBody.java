package rlaif.judging.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import rlaif.judging.Reply;

/// The body of a completion, either shape, as far as a verdict needs it.
sealed interface ReplyBody {
    /// Python servers write NaN and Infinity as such; neither is a probability, and neither spoils
    /// the rest.
    ObjectMapper JSON =
            JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

    /// At least one reply.
    ///
    /// @param promptTokens tokens of the request as the server counted them; empty: not reported
    record Choices(
            List<ReplyChoice> choices, OptionalInt promptTokens, OptionalInt completionTokens)
            implements ReplyBody {
        ReplyChoice first() {
            return choices.getFirst();
        }
    }

    /// None.
    ///
    /// @param denial what it says of the caller; empty: nothing
    record Unusable(Reply reply, Optional<Denial> denial) implements ReplyBody {}

    /// @param key which no cause repeats
    static ReplyBody read(String body, ApiKey key) {
        JsonNode reply;
        try {
            reply = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return later(
                    Reply.Obstacle.FAULT,
                    "reply is not JSON: " + BodyExcerpt.of(key.removedFrom(body)));
        }
        List<ReplyChoice> choices = new ArrayList<>();
        for (JsonNode choice : reply.path("choices")) {
            if (choice.isObject()) {
                choices.add(ReplyChoice.read(choice));
            }
        }
        if (choices.isEmpty()) {
            return without(reply, key.removedFrom(body));
        }
        if (choices.stream().anyMatch(choice -> choice.finish().equals("content_filter"))) {
            return new Unusable(
                    new Reply.Refused("the endpoint's content filter withheld the answer"),
                    Optional.empty());
        }
        return new Choices(
                List.copyOf(choices),
                count(reply, "prompt_tokens"),
                count(reply, "completion_tokens"));
    }

    /// Gateways send errors with status 200; those that name a client error are for good, and the
    /// others stand for what their status would.
    private static ReplyBody without(JsonNode reply, String body) {
        int code = reply.path("error").path("code").asInt(0);
        Optional<Denial> denial = Denial.in(code, reply);
        if (denial.isPresent()) {
            return new Unusable(
                    Reply.Refused.denied(
                            "error%s (%s): %s"
                                    .formatted(
                                            code == 0 ? "" : " " + code,
                                            denial.get().words(),
                                            BodyExcerpt.of(body))),
                    denial);
        }
        if (code >= 400 && code < 500 && code != 408 && code != 429) {
            return new Unusable(
                    new Reply.Refused("error %d: %s".formatted(code, BodyExcerpt.of(body))),
                    Optional.empty());
        }
        return later(
                Reply.Obstacle.ofStatus(code), "reply has no choices: " + BodyExcerpt.of(body));
    }

    private static Unusable later(Reply.Obstacle obstacle, String cause) {
        return new Unusable(new Reply.RetryLater(obstacle, cause, Duration.ZERO), Optional.empty());
    }

    private static OptionalInt count(JsonNode reply, String key) {
        JsonNode value = reply.path("usage").path(key);
        return value.isInt() && value.intValue() >= 0
                ? OptionalInt.of(value.intValue())
                : OptionalInt.empty();
    }
}

package rlaif.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalInt;
import rlaif.cli.judging.ProbedReply;
import rlaif.cli.judging.TopTokens;
import rlaif.judging.Bodies;
import rlaif.judging.Reply;

/// A probed reply for a program.
final class ReplyJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ReplyJson() {}

    static void write(ProbedReply probed, ObjectNode into) {
        ArrayNode calls = into.putArray("calls");
        for (Bodies call : probed.calls()) {
            ObjectNode one = calls.addObject();
            one.set("sent", parsed(call.request()));
            one.set("received", parsed(call.reply()));
        }
        switch (probed.reply()) {
            case Reply.Verdict verdict -> {
                into.put("reply", "verdict").put("probability1", verdict.probability1());
                verdict.unclamped1().ifPresent(p -> into.put("unclampedProbability1", p));
                into.put("coveredMass", verdict.coveredMass());
                exchange(into, verdict.exchange());
            }
            case Reply.Scored scored -> {
                into.put("reply", "scored").put("score", scored.score());
                into.put("coveredMass", scored.coveredMass());
                ArrayNode masses = into.putArray("scoreProbabilities");
                scored.masses().forEach(masses::add);
                exchange(into, scored.exchange());
            }
            case Reply.Unreadable(double coveredMass, Reply.Exchange exchange) -> {
                into.put("reply", "unreadable").put("coveredMass", coveredMass);
                exchange(into, exchange);
            }
            case Reply.Refused refused ->
                    into.put("reply", "refused").put("cause", refused.cause());
            case Reply.RetryLater later ->
                    into.put("reply", "retry-later").put("cause", later.cause());
            case Reply.Written written -> into.put("reply", "written").put("text", written.text());
        }
    }

    private static void exchange(ObjectNode into, Reply.Exchange exchange) {
        into.put("mode", exchange.mode().name())
                .put("rationale", exchange.rationale())
                .put("latencyMillis", exchange.latency().toNanos() / 1e6);
        putCount(into, "promptTokens", exchange.promptTokens());
        putCount(into, "completionTokens", exchange.completionTokens());
        ArrayNode tokens = into.putArray("topLogprobs");
        TopTokens.of(exchange)
                .forEach(token ->
                        tokens.addObject()
                                .put("token", token.token())
                                .put("logprob", token.logprob()));
    }

    private static void putCount(ObjectNode into, String name, OptionalInt count) {
        if (count.isPresent()) {
            into.put(name, count.getAsInt());
        } else {
            into.putNull(name);
        }
    }

    /// The JSON that a text is, else the text.
    static JsonNode parsed(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            return json != null && json.isContainerNode()
                    ? json
                    : JSON.getNodeFactory().textNode(text);
        } catch (JsonProcessingException e) {
            return JSON.getNodeFactory().textNode(text);
        }
    }
}

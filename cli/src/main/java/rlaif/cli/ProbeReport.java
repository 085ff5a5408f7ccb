package rlaif.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Locale;
import java.util.OptionalInt;
import rlaif.cli.judging.ProbedPair;
import rlaif.cli.judging.TopTokens;
import rlaif.judging.Bodies;
import rlaif.judging.Judge;
import rlaif.judging.Presentation;
import rlaif.judging.Reply;

/// A probed pair, for a person and for a program.
record ProbeReport(Judge judge, Presentation shown, ProbedPair probed) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TOKENS = 10;

    String text() {
        StringWriter written = new StringWriter();
        PrintWriter text = new PrintWriter(written);
        text.printf(
                Locale.ROOT,
                "judge %s, model %s, template %s, principle %s%n",
                judge.name(),
                judge.model(),
                judge.templateHash().substring(0, 12),
                shown.principle().id());
        order(text, "first completion shown as 1", probed.shown());
        order(text, "first completion shown as 2", probed.swapped());
        text.printf(Locale.ROOT, "%n");
        if (probed.label().isPresent()) {
            text.printf(
                    Locale.ROOT,
                    "label: P(first is better) = %.4f%n",
                    probed.label().getAsDouble());
        } else {
            text.printf(Locale.ROOT, "label: none%n");
        }
        if (!probed.withoutCall().isEmpty()) {
            text.printf(
                    Locale.ROOT,
                    "judging would not ask about this pair: %s%n",
                    probed.withoutCall());
        }
        text.flush();
        return written.toString().stripTrailing();
    }

    private static void order(PrintWriter text, String name, ProbedPair.Probed probed) {
        text.printf(Locale.ROOT, "%n");
        text.printf(Locale.ROOT, "=== %s%n", name);
        int calls = probed.calls().size();
        for (int call = 1; call <= calls; call++) {
            bodies(
                    text,
                    probed.calls().get(call - 1),
                    calls == 1 ? "" : ", call %d of %d".formatted(call, calls));
        }
        switch (probed.reply()) {
            case Reply.Verdict verdict -> {
                exchange(text, verdict.exchange());
                text.printf(
                        Locale.ROOT,
                        "P(1) = %.4f%s, covered mass %.4f%n",
                        verdict.probability1(),
                        verdict.unclamped1().isPresent()
                                ? String.format(
                                        Locale.ROOT,
                                        " (%.4f before the clamp)",
                                        verdict.unclamped1().getAsDouble())
                                : "",
                        verdict.coveredMass());
            }
            case Reply.Unreadable(double coveredMass, Reply.Exchange exchange) -> {
                exchange(text, exchange);
                text.printf(Locale.ROOT, "unreadable: covered mass %.4f%n", coveredMass);
            }
            case Reply.Refused refused ->
                    text.printf(Locale.ROOT, "refused: %s%n", refused.cause());
            case Reply.RetryLater later ->
                    text.printf(Locale.ROOT, "no reply: %s%n", later.cause());
            case Reply.Written written ->
                    text.printf(Locale.ROOT, "text without a verdict: %s%n", written.text());
            case Reply.Scored scored ->
                    text.printf(Locale.ROOT, "a score of %.4f%n", scored.score());
        }
    }

    private static void bodies(PrintWriter text, Bodies call, String which) {
        text.printf(Locale.ROOT, "--- sent%s%n", which);
        text.printf(Locale.ROOT, "%s%n", PlainText.of(sent(call.request())));
        text.printf(Locale.ROOT, "--- received%s%n", which);
        text.printf(
                Locale.ROOT,
                "%s%n",
                call.reply().isEmpty() ? "(nothing)" : PlainText.of(call.reply()));
    }

    private static void exchange(PrintWriter text, Reply.Exchange exchange) {
        if (!exchange.rationale().isEmpty()) {
            text.printf(Locale.ROOT, "--- rationale%n");
            text.printf(Locale.ROOT, "%s%n", PlainText.of(exchange.rationale()));
        }
        text.printf(
                Locale.ROOT, "--- read from %s%n", exchange.mode().name().toLowerCase(Locale.ROOT));
        TopTokens.of(exchange).stream()
                .limit(TOKENS)
                .forEach(token ->
                        text.printf(
                                Locale.ROOT,
                                "  %8.4f  %6.4f  \"%s\"%n",
                                token.logprob(),
                                token.probability(),
                                PlainText.excerpt(token.token(), 40)));
        text.printf(
                Locale.ROOT,
                "%.1f ms, %s tokens in the prompt, %s in the completion%n",
                exchange.latency().toNanos() / 1e6,
                count(exchange.promptTokens()),
                count(exchange.completionTokens()));
    }

    /// A request's messages as they are, its other keys on one line; or all of it as it is.
    private static String sent(String request) {
        if (!(parsed(request) instanceof ObjectNode body)) {
            return request;
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode message : body.path("messages")) {
            text.append('[')
                    .append(message.path("role").asText())
                    .append("]\n")
                    .append(message.path("content").asText())
                    .append('\n');
        }
        if (body.path("prompt").isTextual()) {
            text.append(body.path("prompt").textValue()).append('\n');
        }
        body.remove("messages");
        body.remove("prompt");
        return text.append(body).toString();
    }

    String json() {
        ObjectNode report = JSON.createObjectNode();
        report.putObject("judge")
                .put("name", judge.name())
                .put("model", judge.model())
                .put("templateHash", judge.templateHash());
        report.putObject("pair")
                .put("principle", shown.principle().id())
                .put("prompt", shown.prompt())
                .put("first", shown.completion1())
                .put("second", shown.completion2());
        ArrayNode orders = report.putArray("orders");
        order(orders.addObject().put("order", "FIRST_SECOND"), probed.shown());
        order(orders.addObject().put("order", "SECOND_FIRST"), probed.swapped());
        if (probed.label().isPresent()) {
            report.put("firstProbability", probed.label().getAsDouble());
        } else {
            report.putNull("firstProbability");
        }
        report.put("withoutCall", probed.withoutCall());
        return report.toString();
    }

    private static void order(ObjectNode into, ProbedPair.Probed probed) {
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
            case Reply.Unreadable(double coveredMass, Reply.Exchange exchange) -> {
                into.put("reply", "unreadable").put("coveredMass", coveredMass);
                exchange(into, exchange);
            }
            case Reply.Refused refused ->
                    into.put("reply", "refused").put("cause", refused.cause());
            case Reply.RetryLater later ->
                    into.put("reply", "retry-later").put("cause", later.cause());
            case Reply.Written written -> into.put("reply", "written").put("text", written.text());
            case Reply.Scored scored -> into.put("reply", "scored").put("score", scored.score());
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
    private static JsonNode parsed(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            return json != null && json.isContainerNode()
                    ? json
                    : JSON.getNodeFactory().textNode(text);
        } catch (JsonProcessingException e) {
            return JSON.getNodeFactory().textNode(text);
        }
    }

    private static String count(OptionalInt count) {
        return count.isPresent() ? Integer.toString(count.getAsInt()) : "?";
    }
}

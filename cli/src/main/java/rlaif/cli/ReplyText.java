package rlaif.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import rlaif.cli.judging.ProbedReply;
import rlaif.cli.judging.TopTokens;
import rlaif.judging.Bodies;
import rlaif.judging.Reply;

/// A probed reply for a person: what was sent, what came back and what was read.
final class ReplyText {
    private static final int TOKENS = 10;

    private ReplyText() {}

    static void print(ProbedReply probed, PrintWriter text) {
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
            case Reply.Scored scored -> {
                exchange(text, scored.exchange());
                masses(text, scored.masses());
                text.printf(
                        Locale.ROOT,
                        "score %.4f of 1 to 10, covered mass %.4f%n",
                        scored.score(),
                        scored.coveredMass());
            }
            case Reply.Unreadable(double coveredMass, Reply.Exchange exchange) -> {
                exchange(text, exchange);
                text.printf(Locale.ROOT, "unreadable: covered mass %.4f%n", coveredMass);
            }
            case Reply.Refused refused ->
                    text.printf(Locale.ROOT, "refused: %s%n", PlainText.of(refused.cause()));
            case Reply.RetryLater later ->
                    text.printf(Locale.ROOT, "no reply: %s%n", PlainText.of(later.cause()));
            case Reply.Written written ->
                    text.printf(
                            Locale.ROOT,
                            "text without a verdict: %s%n",
                            PlainText.of(written.text()));
        }
    }

    private static void masses(PrintWriter text, List<Double> masses) {
        for (int score = 1; score <= masses.size(); score++) {
            text.printf(Locale.ROOT, "  P(%d) = %.4f%n", score, masses.get(score - 1));
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
        if (!(ReplyJson.parsed(request) instanceof ObjectNode body)) {
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

    private static String count(OptionalInt count) {
        return count.isPresent() ? Integer.toString(count.getAsInt()) : "?";
    }
}

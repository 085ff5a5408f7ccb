package rlaif.cli.judging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import rlaif.judging.Reply;

/// The likeliest first tokens of a raw reply, as far as it tells them.
public final class TopTokens {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// One token and its natural logprob.
    public record Token(String token, double logprob) {
        public double probability() {
            return Math.exp(Math.min(0, logprob));
        }
    }

    private TopTokens() {}

    /// The likeliest first; empty: the reply tells none.
    public static List<Token> of(Reply.Exchange exchange) {
        JsonNode reply;
        try {
            reply = JSON.readTree(exchange.reply());
        } catch (JsonProcessingException e) {
            return List.of();
        }
        JsonNode logprobs = reply.path("choices").path(0).path("logprobs");
        List<Token> tokens = new ArrayList<>();
        for (JsonNode listed :
                List.of(
                        logprobs.path("content").path(0).path("top_logprobs"),
                        reply.path("top_logprobs"))) {
            for (JsonNode entry : listed) {
                tokens.add(
                        new Token(entry.path("token").asText(), entry.path("logprob").asDouble()));
            }
        }
        logprobs.path("top_logprobs")
                .path(0)
                .properties()
                .forEach(entry ->
                        tokens.add(new Token(entry.getKey(), entry.getValue().asDouble())));
        tokens.sort(Comparator.comparingDouble(Token::logprob).reversed());
        return tokens;
    }
}

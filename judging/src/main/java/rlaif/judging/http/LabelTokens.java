package rlaif.judging.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;

/// Probability that a judge put on the label tokens "1" and "2" at the first position of its reply,
/// the surface variants of each summed.
///
/// @param mass1 probability in [0, 1] of "1"
/// @param mass2 probability in [0, 1] of "2"
record LabelTokens(double mass1, double mass2) {
    /// Servers write -9999 for a log-probability that they do not have.
    private static final double MISSING_BELOW = -9000;

    /// Reads OpenAI's `top_logprobs` array: of each token `token` and `logprob`, a natural log.
    static LabelTokens read(JsonNode topLogprobs) {
        Map<String, Double> tokens = new HashMap<>(); // a token listed twice counts once
        for (JsonNode entry : topLogprobs) {
            JsonNode token = entry.path("token");
            JsonNode logprob = entry.path("logprob");
            if (token.isTextual() && logprob.isNumber() && present(logprob.doubleValue())) {
                tokens.merge(
                        token.textValue(), Math.exp(Math.min(0, logprob.doubleValue())), Math::max);
            }
        }
        return new LabelTokens(mass(tokens, "1"), mass(tokens, "2"));
    }

    /// Probability that the judge put on both labels together.
    double covered() {
        return Math.min(1, mass1 + mass2);
    }

    /// P("1") among the two labels; softmax over their log-probabilities (RLAIF 2.1).
    double probability1() {
        return mass1 / (mass1 + mass2);
    }

    private static boolean present(double logprob) {
        return Double.isFinite(logprob) && logprob > MISSING_BELOW;
    }

    private static double mass(Map<String, Double> tokens, String label) {
        return tokens.entrySet().stream()
                .filter(e -> surface(e.getKey()).equals(label))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    /// The token without the marks that tokenizers write for a space or a newline before it.
    private static String surface(String token) {
        return token.replace('▁', ' ').replace('Ġ', ' ').replace('Ċ', ' ').strip();
    }
}

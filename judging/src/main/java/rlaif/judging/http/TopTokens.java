package rlaif.judging.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Map.Entry;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The likeliest tokens at one position of a reply, with their probabilities in (0, 1].
record TopTokens(Map<String, Double> probabilityByToken) {
    /// Servers write a number far below for a log-probability that they do not have: vLLM -9999,
    /// llama.cpp the lowest float.
    private static final double MISSING_BELOW = -9000;

    /// A token that is one byte, as llama.cpp and sentencepiece write it.
    private static final Pattern BYTE = Pattern.compile("<0x([0-9A-Fa-f]{2})>");

    /// Reads a chat completion's list (of each token `token` and `logprob`, a natural log) or a
    /// completion's object (log-probability by token).
    static TopTokens read(JsonNode topLogprobs) {
        Map<String, Double> tokens = new HashMap<>();
        BiConsumer<String, JsonNode> add =
                (token, logprob) -> {
                    if (logprob.isNumber() && present(logprob.doubleValue())) {
                        // a rounded logprob may exceed 0; a token listed twice counts once
                        double probability = Math.exp(Math.min(0, logprob.doubleValue()));
                        tokens.merge(token, probability, Math::max);
                    }
                };
        if (topLogprobs.isObject()) {
            topLogprobs.properties().forEach(entry -> add.accept(entry.getKey(), entry.getValue()));
        } else {
            for (JsonNode entry : topLogprobs) {
                if (entry.path("token").isTextual()) {
                    add.accept(entry.path("token").textValue(), entry.path("logprob"));
                }
            }
        }
        return new TopTokens(Map.copyOf(tokens));
    }

    boolean isEmpty() {
        return probabilityByToken.isEmpty();
    }

    /// Probability of a label: its surface variants ("1", " 1") together.
    double mass(String label) {
        double mass = 0;
        for (Entry<String, Double> token : probabilityByToken.entrySet()) {
            mass += surface(token.getKey()).equals(label) ? token.getValue() : 0;
        }
        return Math.min(1, mass);
    }

    /// The likeliest token; empty: none has a probability.
    String likeliest() {
        return probabilityByToken.entrySet().stream()
                .max(Entry.comparingByValue())
                .map(Entry::getKey)
                .orElse("");
    }

    /// A token without the marks that tokenizers write for a space or a newline before it.
    static String surface(String token) {
        Matcher written = BYTE.matcher(token);
        if (written.matches()) {
            return Character.toString(Integer.parseInt(written.group(1), 16)).strip();
        }
        return token.replace('▁', ' ').replace('Ġ', ' ').replace('Ċ', ' ').strip();
    }

    private static boolean present(double logprob) {
        return Double.isFinite(logprob) && logprob > MISSING_BELOW;
    }
}

package rlaif.judging.http;

import java.util.OptionalInt;

/// One request to a model, before it takes the form that the endpoint wants.
///
/// @param message what the user says
/// @param leadIn what a continuation begins after, where there are no messages ("Answer:")
/// @param begun the reply as far as it is given, to be continued; empty: from its start
/// @param maxTokens longest reply, at least 1
/// @param temperature at least 0
/// @param seed of whatever is drawn, for servers that honour one
/// @param choices replies wanted, at least 1
/// @param logprobs whether the likeliest tokens of every position are wanted
record ModelCall(
        String message,
        String leadIn,
        String begun,
        int maxTokens,
        double temperature,
        OptionalInt seed,
        int choices,
        boolean logprobs) {
    private static final String LABEL = "Answer:";

    ModelCall {
        if (maxTokens < 1 || !(temperature >= 0) || choices < 1) {
            throw new IllegalArgumentException(
                    "maxTokens and choices must be at least 1 and temperature at least 0, got %d, %d and %s"
                            .formatted(maxTokens, choices, temperature));
        }
    }

    /// The likeliest tokens at the first positions of the answer.
    static ModelCall label(String message, int maxTokens) {
        return new ModelCall(message, LABEL, "", maxTokens, 0, OptionalInt.empty(), 1, true);
    }

    /// Answers as text.
    static ModelCall answers(
            String message, int maxTokens, double temperature, OptionalInt seed, int choices) {
        return new ModelCall(message, LABEL, "", maxTokens, temperature, seed, choices, false);
    }

    /// A text of several sentences.
    static ModelCall rationale(
            String message, int maxTokens, double temperature, OptionalInt seed) {
        return new ModelCall(message, "Reasoning:", "", maxTokens, temperature, seed, 1, false);
    }

    /// A part of its choices, after others were drawn.
    ModelCall part(int wanted, int drawn) {
        OptionalInt shifted =
                seed.isPresent()
                        ? OptionalInt.of((seed.getAsInt() + drawn) & Integer.MAX_VALUE)
                        : seed;
        return new ModelCall(
                message, leadIn, begun, maxTokens, temperature, shifted, wanted, logprobs);
    }

    /// The same answer, of which the beginning is given.
    ModelCall continuing(String beginning) {
        return new ModelCall(message, leadIn, beginning, 1, temperature, seed, choices, logprobs);
    }
}

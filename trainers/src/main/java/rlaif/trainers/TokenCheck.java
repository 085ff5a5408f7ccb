package rlaif.trainers;

import java.util.List;
import java.util.Optional;
import rlaif.models.ModelShape;
import rlaif.trainers.loop.Refusal;

/// Whether a model of one shape and one tokenizer can be trained on the tokens of a record.
///
/// @param tokenizerDigest SHA-256 of the tokenizer.json that the model was trained with, in hex
/// @param maxTokens of prompt and completion together, as {@link Footprint} has it
record TokenCheck(ModelShape shape, String tokenizerDigest, int maxTokens) {
    static final String MISSING_TOKENS = "MISSING_TOKENS";
    static final String OTHER_TOKENIZER = "OTHER_TOKENIZER";
    static final String TOO_LONG = "TOO_LONG";
    static final String TOKEN_OUT_OF_RANGE = "TOKEN_OUT_OF_RANGE";

    /// Why `completion` after `prompt` cannot be read; empty: it can.
    Optional<Refusal> refusal(String digest, List<Integer> prompt, List<Integer> completion) {
        if (!digest.equals(tokenizerDigest)) {
            return refuse(
                    OTHER_TOKENIZER,
                    "its tokens are of tokenizer %s, the model's are of %s"
                            .formatted(digest, tokenizerDigest));
        }
        if (prompt.isEmpty() || completion.isEmpty()) {
            return refuse(
                    MISSING_TOKENS,
                    "%d prompt tokens and %d completion tokens"
                            .formatted(prompt.size(), completion.size()));
        }
        int length = prompt.size() + completion.size();
        if (length > shape.maxPositions()) {
            return refuse(
                    TOO_LONG,
                    "%d tokens, the model reads %d".formatted(length, shape.maxPositions()));
        }
        if (length > maxTokens) {
            return refuse(
                    TOO_LONG, "%d tokens, train.maxTokens is %d".formatted(length, maxTokens));
        }
        if (!known(prompt) || !known(completion)) {
            return refuse(
                    TOKEN_OUT_OF_RANGE,
                    "a token id lies outside [0, %d)".formatted(shape.vocabularySize()));
        }
        return Optional.empty();
    }

    private boolean known(List<Integer> tokens) {
        return tokens.stream().allMatch(token -> token >= 0 && token < shape.vocabularySize());
    }

    private static Optional<Refusal> refuse(String code, String cause) {
        return Optional.of(new Refusal(code, cause));
    }

    static int[] array(List<Integer> tokens) {
        return tokens.stream().mapToInt(Integer::intValue).toArray();
    }
}

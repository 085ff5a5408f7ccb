package rlaif.judging.http;

import rlaif.judging.ReadingMode;

/// How one endpoint wants to be asked, and how its verdicts are read.
///
/// @param reading any but {@link ReadingMode#COMPUTED}
/// @param topLogprobs likeliest tokens to ask for, 1 to 20
/// @param temperature whether a request may say one; OpenAI's reasoning models refuse it
/// @param manyChoices whether one request may ask for several replies (`n`)
/// @param continues whether a reply that was begun is continued (an assistant message that comes
///   last); always so of {@link Api#COMPLETIONS}
/// @param replyTokens longest reply in tokens where the label is read from text; reasoning models
///   need thousands
public record Dialect(
        Api api,
        ReadingMode reading,
        int topLogprobs,
        TokenLimit tokenLimit,
        boolean temperature,
        boolean manyChoices,
        boolean continues,
        int replyTokens) {

    /// Most alternatives that OpenAI and vLLM name by default.
    static final int MOST_TOP_LOGPROBS = 20;

    /// Tokens of a reply that is a label and perhaps a line end or a bracket.
    static final int SHORT_REPLY = 16;

    /// Tokens of a reply that comes after reasoning which the server does not let out.
    static final int REASONED_REPLY = 4096;

    public Dialect {
        if (reading == ReadingMode.COMPUTED) {
            throw new IllegalArgumentException("nothing that an endpoint replies is COMPUTED");
        }
        if (topLogprobs < 1 || topLogprobs > MOST_TOP_LOGPROBS || replyTokens < 1) {
            throw new IllegalArgumentException(
                    "topLogprobs must be 1 to %d and replyTokens at least 1, got %d and %d"
                            .formatted(MOST_TOP_LOGPROBS, topLogprobs, replyTokens));
        }
    }

    /// What vLLM, llama.cpp's server and OpenAI's models without reasoning understand.
    public static Dialect standard(Api api) {
        return new Dialect(
                api,
                ReadingMode.LOGPROBS,
                MOST_TOP_LOGPROBS,
                TokenLimit.MAX_TOKENS,
                true,
                true,
                api == Api.COMPLETIONS,
                SHORT_REPLY);
    }

    Dialect withReading(ReadingMode other) {
        return new Dialect(
                api,
                other,
                topLogprobs,
                tokenLimit,
                temperature,
                manyChoices,
                continues,
                replyTokens);
    }

    Dialect withTopLogprobs(int other) {
        return new Dialect(
                api, reading, other, tokenLimit, temperature, manyChoices, continues, replyTokens);
    }

    Dialect withTokenLimit(TokenLimit other) {
        return new Dialect(
                api, reading, topLogprobs, other, temperature, manyChoices, continues, replyTokens);
    }

    Dialect withoutTemperature() {
        return new Dialect(
                api, reading, topLogprobs, tokenLimit, false, manyChoices, continues, replyTokens);
    }

    Dialect withManyChoices(boolean other) {
        return new Dialect(
                api, reading, topLogprobs, tokenLimit, temperature, other, continues, replyTokens);
    }

    Dialect withContinues(boolean other) {
        return new Dialect(
                api,
                reading,
                topLogprobs,
                tokenLimit,
                temperature,
                manyChoices,
                other,
                replyTokens);
    }

    Dialect withReplyTokens(int other) {
        return new Dialect(
                api, reading, topLogprobs, tokenLimit, temperature, manyChoices, continues, other);
    }
}

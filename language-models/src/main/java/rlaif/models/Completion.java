package rlaif.models;

import java.util.Arrays;
import java.util.SplittableRandom;

/// One completion while it is drawn.
final class Completion {

    private final int[] prompt;
    private final int padding;
    private final SplittableRandom random;
    private final int[] tokens;
    private final float[] logprobs;
    private int length;
    private boolean ended;

    /// @param promptColumns columns that hold the batch's prompts; this prompt stands at their
    ///   right end
    /// @param room most tokens that may be drawn
    Completion(Sampler.Request request, int promptColumns, int room) {
        this.prompt = request.promptTokens();
        this.padding = promptColumns - prompt.length;
        this.random = new SplittableRandom(request.seed());
        this.tokens = new int[room];
        this.logprobs = new float[room];
    }

    int[] prompt() {
        return prompt;
    }

    /// Columns left of the prompt that hold nothing.
    int padding() {
        return padding;
    }

    boolean finished() {
        return ended || length == tokens.length;
    }

    /// Writes the tokens that the model has not yet seen: the prompt at first, then the last one
    /// drawn.
    void newTokens(long[] into, int at, int time, int padTokenId) {
        if (length == 0) {
            for (int i = 0; i < time; i++) {
                into[at + i] = i < padding ? padTokenId : prompt[i - padding];
            }
        } else {
            into[at] = tokens[length - 1];
        }
    }

    /// Draws the next token by inverting the cumulative distribution at one uniform number.
    ///
    /// @param probabilities holds this row's distribution from `from`, `vocabulary` long
    void draw(float[] probabilities, int from, int vocabulary, int endTokenId) {
        double wanted = random.nextDouble();
        double sum = 0;
        int drawn = -1;
        for (int token = 0; token < vocabulary && sum <= wanted; token++) {
            float probability = probabilities[from + token];
            if (probability > 0) {
                drawn = token;
                sum += probability;
            }
        }
        if (drawn < 0) {
            throw new ArithmeticException(
                    "the policy's logits are not finite: no token has a probability above 0");
        }
        tokens[length] = drawn;
        logprobs[length] = (float) Math.log(probabilities[from + drawn]);
        length++;
        ended = drawn == endTokenId;
    }

    Sampler.Sample sample() {
        return new Sampler.Sample(
                Arrays.copyOf(tokens, length), Arrays.copyOf(logprobs, length), ended);
    }
}

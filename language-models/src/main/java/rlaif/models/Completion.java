package rlaif.models;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;

/// One completion while it is drawn.
final class Completion implements DecodedSequence, SamplingRun.Drawn {

    private final int[] prompt;
    private final SplittableRandom random;
    private final int[] tokens;
    private final float[] logprobs;
    private final int[] weights; // which drew each token
    private int presentWeights;
    private int length;
    private boolean ended;

    /// @param room most tokens that may be drawn
    /// @param presentWeights number of the weights that draw now
    Completion(Sampler.Request request, int room, int presentWeights) {
        this.prompt = request.promptTokens();
        this.random = new SplittableRandom(request.seed());
        this.tokens = new int[room];
        this.logprobs = new float[room];
        this.weights = new int[room];
        this.presentWeights = presentWeights;
    }

    /// Says which weights draw from now on.
    void drawnBy(int weightsNumber) {
        presentWeights = weightsNumber;
    }

    @Override
    public int[] prompt() {
        return prompt;
    }

    @Override
    public int drawn() {
        return length;
    }

    @Override
    public int lastToken() {
        return tokens[length - 1];
    }

    @Override
    public boolean finished() {
        return ended || length == tokens.length;
    }

    /// Draws the next token by inverting the cumulative distribution at one uniform number.
    @Override
    public void draw(float[] probabilities, int from, int vocabulary, IntPredicate isEnd) {
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
            throw new NotFiniteException("the policy's");
        }
        tokens[length] = drawn;
        logprobs[length] = (float) Math.log(probabilities[from + drawn]);
        weights[length] = presentWeights;
        length++;
        ended = isEnd.test(drawn);
    }

    @Override
    public Sampler.Sample sample() {
        return new Sampler.Sample(
                Arrays.copyOf(tokens, length),
                Arrays.copyOf(logprobs, length),
                ended,
                Arrays.copyOf(weights, length));
    }
}

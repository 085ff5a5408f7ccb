package rlaif.models;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// One completion while it is generated from logprobs.
final class GeneratedSequence implements DecodedSequence {

    private final Generation.Request request;
    private final SplittableRandom random;
    private int drawn;
    private int lastToken;
    private boolean ended;

    GeneratedSequence(Generation.Request request) {
        this.request = request;
        this.random = new SplittableRandom(request.seed());
    }

    @Override
    public int[] prompt() {
        return request.promptTokens();
    }

    @Override
    public int drawn() {
        return drawn;
    }

    @Override
    public int lastToken() {
        return lastToken;
    }

    @Override
    public boolean finished() {
        return ended;
    }

    @Override
    public void draw(float[] logprobs, int from, int vocabulary, IntPredicate isEnd) {
        int likeliest = likeliest(logprobs, from, vocabulary);
        if (!Float.isFinite(logprobs[from + likeliest])) {
            throw new NotFiniteException("the model's");
        }
        Generation.Settings settings = request.settings();
        lastToken =
                settings.temperature() == 0
                        ? likeliest
                        : drawn(logprobs, from, vocabulary, logprobs[from + likeliest]);
        drawn++;
        int[] top = top(logprobs, from, vocabulary, settings.topTokens());
        float[] topLogprobs = new float[top.length];
        for (int i = 0; i < top.length; i++) {
            topLogprobs[i] = logprobs[from + top[i]];
        }
        boolean end = isEnd.test(lastToken);
        boolean wanted =
                request.reader()
                        .take(
                                new GeneratedToken(
                                        lastToken,
                                        logprobs[from + lastToken],
                                        top,
                                        topLogprobs,
                                        end));
        ended = end || !wanted || drawn == settings.maxTokens();
    }

    private static int likeliest(float[] logprobs, int from, int vocabulary) {
        int best = 0;
        for (int token = 1; token < vocabulary; token++) {
            if (logprobs[from + token] > logprobs[from + best]) {
                best = token;
            }
        }
        return best;
    }

    /// Draws by inverting the cumulative distribution at one uniform number.
    private int drawn(float[] logprobs, int from, int vocabulary, float largest) {
        double[] weights = new double[vocabulary];
        for (int token = 0; token < vocabulary; token++) {
            weights[token] =
                    Math.exp((logprobs[from + token] - largest) / request.settings().temperature());
        }
        if (request.settings().topP() < 1) {
            leaveOut(weights, request.settings().topP());
        }
        double wanted = random.nextDouble() * Arrays.stream(weights).sum();
        double sum = 0;
        int drawn = -1;
        for (int token = 0; token < vocabulary && sum <= wanted; token++) {
            if (weights[token] > 0) {
                drawn = token;
                sum += weights[token];
            }
        }
        return drawn;
    }

    /// Nucleus sampling (1904.09751): the likeliest tokens up to the one that completes `topP`
    /// stay, all others get weight 0.
    private static void leaveOut(double[] weights, double topP) {
        double wanted = topP * Arrays.stream(weights).sum();
        int[] likeliestFirst =
                IntStream.range(0, weights.length)
                        .boxed()
                        .sorted((a, b) -> Double.compare(weights[b], weights[a]))
                        .mapToInt(Integer::intValue)
                        .toArray();
        double sum = 0;
        for (int token : likeliestFirst) {
            double weight = weights[token];
            if (sum >= wanted) {
                weights[token] = 0;
            }
            sum += weight;
        }
    }

    /// The `count` likeliest tokens, likeliest first; of equals the lower id.
    private static int[] top(float[] logprobs, int from, int vocabulary, int count) {
        int[] top = new int[Math.min(count, vocabulary)];
        int size = 0;
        for (int token = 0; token < vocabulary && top.length > 0; token++) {
            float logprob = logprobs[from + token];
            if (size == top.length && logprob <= logprobs[from + top[size - 1]]) {
                continue;
            }
            int place = size < top.length ? size++ : size - 1;
            while (place > 0 && logprobs[from + top[place - 1]] < logprob) {
                top[place] = top[place - 1];
                place--;
            }
            top[place] = token;
        }
        return top;
    }
}

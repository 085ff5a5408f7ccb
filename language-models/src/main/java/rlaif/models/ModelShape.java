package rlaif.models;

import java.util.List;

/// The sizes and constants that fix a Llama-shaped decoder, named as they are in a Hugging Face
/// `config.json`.
///
/// @param vocabularySize tokens, 2 or more (`vocab_size`)
/// @param width features of a position (`hidden_size`)
/// @param layers decoder layers (`num_hidden_layers`)
/// @param heads query heads (`num_attention_heads`)
/// @param keyValueHeads key and value heads; divides `heads` (`num_key_value_heads`)
/// @param headWidth features of a head, even (`head_dim`)
/// @param feedForwardWidth features inside the feed-forward block (`intermediate_size`)
/// @param maxPositions longest sequence, in tokens (`max_position_embeddings`)
/// @param ropeTheta base of the rotary angles (`rope_theta`)
/// @param rmsNormEpsilon added to the mean square before its root (`rms_norm_eps`)
/// @param endTokenId the token that ends a completion (`eos_token_id`)
/// @param padTokenId the token that fills a batch; never an end token (`pad_token_id`)
/// @param otherEndTokenIds further tokens after which a completion is over, such as the end of a
///   text beside the end of a turn; none is `endTokenId`
/// @param variant biases, norms, head and position scaling
public record ModelShape(
        int vocabularySize,
        int width,
        int layers,
        int heads,
        int keyValueHeads,
        int headWidth,
        int feedForwardWidth,
        int maxPositions,
        double ropeTheta,
        double rmsNormEpsilon,
        int endTokenId,
        int padTokenId,
        List<Integer> otherEndTokenIds,
        ModelVariant variant) {

    public ModelShape {
        atLeast(2, "vocabularySize", vocabularySize);
        atLeast(1, "width", width);
        atLeast(1, "layers", layers);
        atLeast(1, "heads", heads);
        atLeast(1, "keyValueHeads", keyValueHeads);
        atLeast(2, "headWidth", headWidth);
        atLeast(1, "feedForwardWidth", feedForwardWidth);
        atLeast(2, "maxPositions", maxPositions);
        require(
                heads % keyValueHeads == 0,
                "heads " + heads + " is no multiple of keyValueHeads " + keyValueHeads);
        require(
                headWidth % 2 == 0,
                "headWidth " + headWidth + " is odd; rotary positions turn pairs");
        require(
                ropeTheta > 1 && Double.isFinite(ropeTheta),
                "ropeTheta " + ropeTheta + " is not above 1");
        require(
                rmsNormEpsilon > 0 && rmsNormEpsilon < 1,
                "rmsNormEpsilon " + rmsNormEpsilon + " is not in (0, 1)");
        token("endTokenId", endTokenId, vocabularySize);
        token("padTokenId", padTokenId, vocabularySize);
        require(
                endTokenId != padTokenId,
                "endTokenId and padTokenId are both "
                        + endTokenId
                        + "; a padded batch could not show where a text ends");
        otherEndTokenIds = List.copyOf(otherEndTokenIds);
        for (int other : otherEndTokenIds) {
            token("otherEndTokenIds", other, vocabularySize);
            require(
                    other != endTokenId && other != padTokenId,
                    "otherEndTokenIds holds " + other + ", which is endTokenId or padTokenId");
        }
    }

    /// A plain Llama with a tied head and one end token.
    public ModelShape(
            int vocabularySize,
            int width,
            int layers,
            int heads,
            int keyValueHeads,
            int headWidth,
            int feedForwardWidth,
            int maxPositions,
            double ropeTheta,
            double rmsNormEpsilon,
            int endTokenId,
            int padTokenId) {
        this(
                vocabularySize,
                width,
                layers,
                heads,
                keyValueHeads,
                headWidth,
                feedForwardWidth,
                maxPositions,
                ropeTheta,
                rmsNormEpsilon,
                endTokenId,
                padTokenId,
                List.of(),
                ModelVariant.PLAIN);
    }

    /// Whether a completion is over with this token.
    public boolean isEnd(int token) {
        return token == endTokenId || otherEndTokenIds.contains(token);
    }

    /// Query heads that share one key and value head.
    public int queriesPerKey() {
        return heads / keyValueHeads;
    }

    /// The angles, in radians, by which one position turns the pairs of features of a head.
    double[] frequencies() {
        double[] frequencies = new double[headWidth / 2];
        for (int pair = 0; pair < frequencies.length; pair++) {
            frequencies[pair] =
                    variant.ropeScaling().frequency(Math.pow(ropeTheta, -2.0 * pair / headWidth));
        }
        return frequencies;
    }

    private static void atLeast(int least, String name, int value) {
        require(value >= least, name + " is " + value + "; it must be " + least + " or more");
    }

    private static void token(String name, int id, int vocabularySize) {
        require(
                id >= 0 && id < vocabularySize,
                name + " " + id + " is outside the vocabulary of " + vocabularySize);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}

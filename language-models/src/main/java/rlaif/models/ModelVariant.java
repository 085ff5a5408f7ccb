package rlaif.models;

/// What a decoder has beside its sizes: which matrices carry a bias or a norm, whether the output
/// matrix is the embedding, and how its rotary positions are scaled.
///
/// @param tiedHead whether the output matrix is the embedding (`tie_word_embeddings`)
/// @param attentionBias a bias on query, key, value and output (`attention_bias`); Qwen2 has it on
///   the first three without saying so
/// @param feedForwardBias a bias on gate, up and down (`mlp_bias`)
/// @param ropeScaling of the rotary frequencies (`rope_scaling`)
public record ModelVariant(
        Architecture architecture,
        boolean tiedHead,
        boolean attentionBias,
        boolean feedForwardBias,
        RopeScaling ropeScaling) {

    /// Llama as it was first published, with a tied head.
    public static final ModelVariant PLAIN =
            new ModelVariant(Architecture.LLAMA, true, false, false, new RopeScaling.None());

    public ModelVariant {
        if (architecture == Architecture.QWEN2 && attentionBias) {
            throw new IllegalArgumentException(
                    "attentionBias is true; qwen2 has a fixed bias on query, key and value alone");
        }
        if (architecture != Architecture.LLAMA && feedForwardBias) {
            throw new IllegalArgumentException(
                    "feedForwardBias is true; " + architecture.modelType() + " has none");
        }
    }

    /// Whether query, key and value carry a bias.
    boolean queryKeyValueBias() {
        return attentionBias || architecture == Architecture.QWEN2;
    }

    /// Whether every query and key head goes through an RMSNorm of its own.
    boolean queryKeyNorm() {
        return architecture == Architecture.QWEN3;
    }
}

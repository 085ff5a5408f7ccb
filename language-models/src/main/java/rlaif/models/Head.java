package rlaif.models;

/// What a {@link Transformer} gives at each position.
public enum Head {
    /// One logit for each token of the vocabulary; the output matrix may be the embedding (tied).
    LANGUAGE_MODEL,
    /// One number: a score (reward model) or a value (critic).
    SCALAR
}

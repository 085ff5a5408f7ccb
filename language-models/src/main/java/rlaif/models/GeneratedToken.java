package rlaif.models;

/// A token as it was generated, with what the model thought of it and of its rivals.
///
/// @param id the token
/// @param logprob of the token: natural log over the whole vocabulary, of the logits as they are,
///   whatever temperature it was drawn at
/// @param topIds the likeliest tokens at this place, likeliest first
/// @param topLogprobs their logprobs
/// @param end whether it is the model's end token
@SuppressWarnings("ArrayRecordComponent") // owned by the reader, never compared
public record GeneratedToken(
        int id, float logprob, int[] topIds, float[] topLogprobs, boolean end) {}

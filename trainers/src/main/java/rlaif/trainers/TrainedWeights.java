package rlaif.trainers;

import rlaif.models.LoraSettings;

/// Which weights of a model a trainer moves.
public sealed interface TrainedWeights {
    /// Every weight.
    record Every() implements TrainedWeights {}

    /// Low-rank adapters beside frozen weights, and the scalar head where there is one.
    record Adapters(LoraSettings shape) implements TrainedWeights {}
}

package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/// What sequences draw their next token by, made of the logits of a whole batch.
interface NextToken {

    /// @param logits (batch, vocabulary), owned by `step`; may be changed
    /// @return (batch, vocabulary) in row order
    float[] numbers(NDManager step, NDArray logits);

    /// Probabilities at one temperature.
    static NextToken probabilities(double temperature) {
        return (step, logits) -> {
            if (temperature != 1) {
                logits.divi(step.full(new Shape(1), (float) temperature));
            }
            return logits.softmax(-1).toFloatArray();
        };
    }

    /// Logprobs as the model gives them.
    static NextToken logprobs() {
        return (_, logits) -> logits.logSoftmax(-1).toFloatArray();
    }
}

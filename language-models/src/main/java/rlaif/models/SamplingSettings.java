package rlaif.models;

/// How completions are drawn; the whole vocabulary always takes part (no top-k, top-p 1), so that
/// logprobs stay comparable.
///
/// @param temperature divides the logits, above 0
/// @param maxTokens most tokens of a completion, its end token included
public record SamplingSettings(double temperature, int maxTokens) {

    public SamplingSettings {
        if (!(temperature > 0) || !Double.isFinite(temperature)) {
            throw new IllegalArgumentException(
                    "temperature is " + temperature + "; it must be above 0");
        }
        if (maxTokens < 1) {
            throw new IllegalArgumentException(
                    "maxTokens is " + maxTokens + "; it must be 1 or more");
        }
    }
}

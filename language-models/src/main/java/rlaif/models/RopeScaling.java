package rlaif.models;

/// How the frequencies of the rotary positions are slowed for sequences longer than a model was
/// first trained on (`rope_scaling`).
public sealed interface RopeScaling {

    /// Frequencies as `rope_theta` gives them.
    record None() implements RopeScaling {

        @Override
        public double frequency(double plain) {
            return plain;
        }
    }

    /// Position interpolation (2306.15595): every frequency divided by one factor.
    ///
    /// @param factor above 0
    record Linear(double factor) implements RopeScaling {

        public Linear {
            requireAbove("factor", factor, 0);
        }

        @Override
        public double frequency(double plain) {
            return plain / factor;
        }
    }

    /// Llama 3.1's scaling: frequencies whose wave is longer than `originalMaxPositions /
    /// lowFrequencyFactor` are divided by `factor`, those with a wave shorter than
    /// `originalMaxPositions / highFrequencyFactor` stay, and between the two it goes over
    /// smoothly.
    ///
    /// @param factor above 0
    /// @param lowFrequencyFactor above 0 (`low_freq_factor`)
    /// @param highFrequencyFactor above `lowFrequencyFactor` (`high_freq_factor`)
    /// @param originalMaxPositions tokens, 1 or more (`original_max_position_embeddings`)
    record Llama3(
            double factor,
            double lowFrequencyFactor,
            double highFrequencyFactor,
            int originalMaxPositions)
            implements RopeScaling {

        public Llama3 {
            requireAbove("factor", factor, 0);
            requireAbove("low_freq_factor", lowFrequencyFactor, 0);
            requireAbove("high_freq_factor", highFrequencyFactor, lowFrequencyFactor);
            requireAbove("original_max_position_embeddings", originalMaxPositions, 0);
        }

        @Override
        public double frequency(double plain) {
            double wavesInOriginal = originalMaxPositions * plain / (2 * Math.PI);
            double kept =
                    Math.clamp(
                            (wavesInOriginal - lowFrequencyFactor)
                                    / (highFrequencyFactor - lowFrequencyFactor),
                            0,
                            1);
            return (1 - kept) * plain / factor + kept * plain;
        }
    }

    /// The scaled frequency, in radians a position.
    double frequency(double plain);

    private static void requireAbove(String name, double value, double limit) {
        if (!(value > limit) || !Double.isFinite(value)) {
            throw new IllegalArgumentException(
                    name + " is " + value + "; it must be above " + limit);
        }
    }
}

package rlaif.judging.http;

/// How replies are drawn.
///
/// @param samples replies a verdict where labels are counted ({@link
///   rlaif.judging.ReadingMode#SAMPLING}), 1 to 128; below 10, one reply without a label makes the
///   verdict unreadable
/// @param sampleTemperature of the samples after the first and of counted replies, above 0, at most
///   2
/// @param rationaleTokens longest rationale, tokens
public record Asking(int samples, double sampleTemperature, int rationaleTokens) {
    /// Most replies a verdict.
    public static final int MOST_SAMPLES = 128;

    /// Above it, replies are noise.
    public static final double HIGHEST_TEMPERATURE = 2;

    public static final Asking DEFAULT = new Asking(8, 1, 512);

    public Asking {
        if (samples < 1 || samples > MOST_SAMPLES) {
            throw new IllegalArgumentException("samples must be 1 to 128, got " + samples);
        }
        if (!(sampleTemperature > 0 && sampleTemperature <= HIGHEST_TEMPERATURE)) {
            throw new IllegalArgumentException(
                    "sampleTemperature must lie in (0, 2], got " + sampleTemperature);
        }
        if (rationaleTokens < 1) {
            throw new IllegalArgumentException(
                    "rationaleTokens must be at least 1, got " + rationaleTokens);
        }
    }
}

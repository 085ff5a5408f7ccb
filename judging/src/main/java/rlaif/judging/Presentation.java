package rlaif.judging;

/// A pair in one order, as a judge is asked about it.
///
/// @param completion1 the completion shown first, called 1
/// @param completion2 the completion shown second, called 2
/// @param sample index of the sample, from 0; above 0 only with self-consistency
public record Presentation(
        String pairId,
        Principle principle,
        String prompt,
        String completion1,
        String completion2,
        int sample) {

    /// Asked once.
    public Presentation(
            String pairId,
            Principle principle,
            String prompt,
            String completion1,
            String completion2) {
        this(pairId, principle, prompt, completion1, completion2, 0);
    }
}

package rlaif.cli.evaluation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The first policy beside the last one.
///
/// @param klNatsPerCompletion mean of log π_final - log π_sft over the final policy's own
///   completions
/// @param rewardModelAccuracy share of held-out version-0 pairs that the reward model orders as
///   gold does; null: there is no reward model
/// @param rewardModelAccuracyNow the same on the final policy's pairs
/// @param examples prompts with the completion before and after
public record Comparison(
        Rates sft,
        Rates last,
        WinRate againstSft,
        double klNatsPerCompletion,
        @Nullable Double rewardModelAccuracy,
        @Nullable Double rewardModelAccuracyNow,
        List<Example> examples) {

    /// One prompt, answered before and after.
    public record Example(String prompt, String before, String after) {}
}

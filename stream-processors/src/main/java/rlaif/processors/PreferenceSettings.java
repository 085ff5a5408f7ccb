package rlaif.processors;

/// How judgments and people's labels become preferences.
///
/// @param merge what a person's label does to a pair that a judge labelled
/// @param humanWeight weight of people against 1 of the judge, in log-odds, above 0; with {@link
///   Merge#WEIGH}
/// @param abstainOnDisagreement whether a judgment whose orders choose different completions gives
///   no label
/// @param hardLabels whether labels become 0 or 1, a tie staying 1/2
/// @param minMargin least `|p - 1/2|` of a judge's label that is trained on, in [0, 1/2]
/// @param judge the one judge whose judgments count; empty: every one
public record PreferenceSettings(
        Merge merge,
        double humanWeight,
        boolean abstainOnDisagreement,
        boolean hardLabels,
        double minMargin,
        String judge) {
    /// The judge's labels as they are, people's only where no judge was asked.
    public static final PreferenceSettings DEFAULT =
            new PreferenceSettings(Merge.NONE, 3, false, false, 0, "");

    /// What a person's label does to a pair that a judge labelled.
    public enum Merge {
        /// Nothing: it is measured, not trained on.
        NONE,
        /// It takes the place of the judge's.
        SUPERSEDE,
        /// Both count, people `humanWeight` times.
        WEIGH
    }

    public PreferenceSettings {
        if (!(humanWeight > 0) || Double.isInfinite(humanWeight)) {
            throw new IllegalArgumentException("humanWeight must be above 0, got " + humanWeight);
        }
        if (!(minMargin >= 0 && minMargin <= 0.5)) {
            throw new IllegalArgumentException("minMargin must lie in [0, 1/2], got " + minMargin);
        }
    }

    public PreferenceSettings withMerge(Merge changed, double weight) {
        return new PreferenceSettings(
                changed, weight, abstainOnDisagreement, hardLabels, minMargin, judge);
    }
}

package rlaif.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;
import rlaif.cli.evaluation.Comparison;
import rlaif.cli.evaluation.Rates;
import rlaif.cli.evaluation.WinRate;

/// What a finished demo gained; rates are shares in [0, 1], the rest counts or seconds.
///
/// @param kl nats per completion, mean over the final policy's own completions
/// @param labels preferences on the stream
/// @param flipRate share of pairs, of those asked in both orders, for which the judge chose the
///   same place twice; null: none was
/// @param abstentions judgments that gave no preference
/// @param scoredRollouts by the reward model, or by the judge itself
/// @param rewardModelAccuracy on held-out version-0 pairs with a gold difference of at least 0.3;
///   null: there is no reward model
/// @param rewardModelAccuracyNow the same on the final policy's pairs
/// @param secondsToPolicy0 from the start to the announcement of policy 0
/// @param secondsToFirstLabel from the start to the first preference; null: nothing was labelled
/// @param seconds from the start to the end, over all starts
@JsonPropertyOrder({
    "world",
    "seed",
    "size",
    "sft",
    "final",
    "vsSft",
    "kl",
    "labels",
    "flipRate",
    "abstentions",
    "scoredRollouts",
    "rewardModelAccuracy",
    "rewardModelAccuracyNow",
    "policyVersions",
    "secondsToPolicy0",
    "secondsToFirstLabel",
    "seconds",
    "audit",
    "examples"
})
record DemoResult(
        String world,
        long seed,
        String size,
        Rates sft,
        @JsonProperty("final") Rates last,
        WinRate vsSft,
        double kl,
        long labels,
        @Nullable Double flipRate,
        long abstentions,
        long scoredRollouts,
        @Nullable Double rewardModelAccuracy,
        @Nullable Double rewardModelAccuracyNow,
        long policyVersions,
        double secondsToPolicy0,
        @Nullable Double secondsToFirstLabel,
        double seconds,
        AuditTotals audit,
        List<Comparison.Example> examples) {

    /// Records that the audit misses, and that it finds twice.
    record AuditTotals(long lost, long duplicated) {}
}

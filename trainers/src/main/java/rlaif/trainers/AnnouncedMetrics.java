package rlaif.trainers;

import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import rlaif.trainers.batching.SkippedUpdates;

/// The names of the metrics by which announced versions can be compared; bins of calibration are
/// announced beside them.
public final class AnnouncedMetrics {
    private static final List<String> OF_EVERY_STEP =
            List.of("batch/micro_batches", "batch/padding_frac", SkippedUpdates.METRIC);

    /// Of SFT, SL-CAI and the reward model.
    private static final List<String> OF_SUPERVISION =
            List.of(
                    "loss",
                    "grad_norm",
                    "learning_rate",
                    "num_tokens",
                    "examples/revised",
                    "examples/helpful");

    private static final List<String> OF_A_POLICY =
            List.of(
                    "lr",
                    "loss/policy_avg",
                    "policy/grad_norm",
                    "staleness/mean",
                    "staleness/max",
                    "staleness/in_flight",
                    "staleness/in_queue");

    /// Of PPO, RLOO and GRPO; those of values are PPO's, those of groups the others'.
    private static final List<String> OF_SCORES =
            List.of(
                    "objective/kl",
                    "objective/kl_coef",
                    "objective/scores",
                    "objective/entropy",
                    "objective/non_score_reward",
                    "objective/rlhf_reward",
                    "policy/entropy_avg",
                    "policy/approxkl_avg",
                    "policy/clipfrac_avg",
                    "val/ratio",
                    "val/ratio_var",
                    "val/num_eos_tokens",
                    "val/explained_variance",
                    "loss/value_avg",
                    "value/grad_norm",
                    "lag/behaviour_gap",
                    "lag/behaviour_gap_max",
                    "lag/truncated_frac",
                    "groups/count",
                    "groups/alone",
                    "groups/reward_std",
                    "groups/level_frac",
                    "groups/mixed_scorers");

    private static final List<String> OF_DPO =
            List.of(
                    "rewards/chosen",
                    "rewards/rejected",
                    "rewards/margins",
                    "rewards/accuracies",
                    "logps/chosen",
                    "logps/rejected");

    /// Of a reward model, on the pairs of a step and on those held out, of judges and of people.
    private static final List<String> OF_PAIRS =
            List.of("accuracy", "brier", "ece", "margin", "mean_reward");

    public static final NavigableSet<String> NAMES = names();

    private AnnouncedMetrics() {}

    private static NavigableSet<String> names() {
        NavigableSet<String> names =
                new TreeSet<>(List.of("held_out/pairs", "held_out/people/pairs"));
        Stream.of(OF_EVERY_STEP, OF_SUPERVISION, OF_A_POLICY, OF_SCORES, OF_DPO)
                .forEach(names::addAll);
        for (String name : OF_PAIRS) {
            names.addAll(List.of(name, "held_out/" + name, "held_out/people/" + name));
        }
        return Collections.unmodifiableNavigableSet(names);
    }
}

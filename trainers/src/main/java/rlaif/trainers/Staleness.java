package rlaif.trainers;

import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;

/// Versions by which the rollouts of a batch trail the policy that is trained on them.
///
/// A rollout is as stale as its oldest token. What passed while it was sampled is its staleness in
/// flight: newest token less oldest. What passed since, while it was paired, scored and waiting, is
/// its staleness in queue: the version trained less the newest token.
final class Staleness {
    private Staleness() {}

    /// `staleness/mean` and `staleness/max`, and the two parts of the mean: `staleness/in_flight`
    /// and `staleness/in_queue`.
    static Map<String, Double> of(List<AcceptedRollout> batch, long policyVersion) {
        LongSummaryStatistics all =
                batch.stream()
                        .mapToLong(rollout -> policyVersion - rollout.sequence().policyVersion())
                        .summaryStatistics();
        LongSummaryStatistics inQueue =
                batch.stream()
                        .mapToLong(rollout -> policyVersion - rollout.newestVersion())
                        .summaryStatistics();
        return Map.of(
                "staleness/mean",
                all.getAverage(),
                "staleness/max",
                (double) all.getMax(),
                "staleness/in_flight",
                all.getAverage() - inQueue.getAverage(),
                "staleness/in_queue",
                inQueue.getAverage());
    }
}

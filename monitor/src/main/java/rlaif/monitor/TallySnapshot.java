package rlaif.monitor;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import rlaif.events.AbstainReason;
import rlaif.events.Checkpoint;
import rlaif.events.TrainingStep;
import rlaif.topics.Topic;

/// What the stream amounts to at one moment.
///
/// @param records records of each topic, by topic; unreadable ones included
/// @param abstained judgments without a preference, by reason
/// @param labelsPerSecond preferences a second over the last ten seconds
/// @param samePositionRate share in [0, 1] of the judgments asked in both orders in which both
///   chose the same place; empty: none yet
/// @param deadLetters refused records that wait, by topic and code: neither sent back nor purged
/// @param policy newest announced policy version
/// @param rewardModel newest announced reward-model version
/// @param lastSteps newest step of each trainer, by trainer
/// @param firstLabel event time of the first preference
/// @param lastProgress when each topic last gave a record; a topic without one is absent
public record TallySnapshot(
        Map<Topic, Long> records,
        Map<AbstainReason, Long> abstained,
        double labelsPerSecond,
        OptionalDouble samePositionRate,
        Map<Topic, Map<String, Long>> deadLetters,
        Optional<Checkpoint> policy,
        Optional<Checkpoint> rewardModel,
        Map<String, TrainingStep> lastSteps,
        Optional<Instant> firstLabel,
        Map<Topic, Instant> lastProgress) {
    public TallySnapshot {
        records = Map.copyOf(records);
        abstained = Map.copyOf(abstained);
        deadLetters = Map.copyOf(deadLetters);
        lastSteps = Map.copyOf(lastSteps);
        lastProgress = Map.copyOf(lastProgress);
    }

    /// Records of one topic.
    public long count(Topic topic) {
        return records.getOrDefault(topic, 0L);
    }

    /// Judgments that came to no preference for want of an opinion.
    public long abstentions() {
        return abstained.values().stream().mapToLong(Long::longValue).sum() - leftToPeople();
    }

    /// Pairs about which no judge was asked.
    public long leftToPeople() {
        return abstained.getOrDefault(AbstainReason.FOR_PEOPLE, 0L);
    }

    /// A measurement of a trainer's newest step; empty: no step, or not measured in it.
    public OptionalDouble metric(String trainer, String name) {
        TrainingStep step = lastSteps.get(trainer);
        Double value = step == null ? null : step.getMetrics().get(name);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /// Refused records of all topics that wait.
    public long deadLetterCount() {
        return deadLetters.values().stream()
                .flatMap(codes -> codes.values().stream())
                .mapToLong(Long::longValue)
                .sum();
    }
}

package rlaif.monitor;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import rlaif.events.AbstainReason;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.events.Judgment;
import rlaif.events.Outcome;
import rlaif.events.TrainingStep;
import rlaif.topics.Topic;

/// The counts of a stream while they grow.
///
/// Safe for several threads.
final class Tally {
    private static final Duration RATE_WINDOW = Duration.ofSeconds(10);

    private final String policy;
    private final Map<Topic, Long> records = new EnumMap<>(Topic.class);
    private final Map<Topic, Instant> lastProgress = new EnumMap<>(Topic.class);
    private final Map<AbstainReason, Long> abstained = new EnumMap<>(AbstainReason.class);
    private final Map<Topic, Map<String, Long>> deadLetters = new EnumMap<>(Topic.class);
    private final Map<String, TrainingStep> lastSteps = new HashMap<>();
    private final SamePosition samePosition = new SamePosition();
    private final Rate labels = new Rate(RATE_WINDOW);
    private Optional<Checkpoint> newestPolicy = Optional.empty();
    private Optional<Checkpoint> newestRewardModel = Optional.empty();
    private Optional<Instant> firstLabel = Optional.empty();

    /// @param policy name of the policy whose versions and steps count
    Tally(String policy) {
        this.policy = policy;
    }

    synchronized void record(Topic topic, Instant eventTime, Instant now) {
        records.merge(topic, 1L, Long::sum);
        lastProgress.put(topic, now);
        if (topic == Topic.PREFERENCES) {
            if (firstLabel.isEmpty() || eventTime.isBefore(firstLabel.get())) {
                firstLabel = Optional.of(eventTime);
            }
        }
    }

    /// A label that was made while somebody counts: it is part of the rate.
    synchronized void labelled(long nowNanos) {
        labels.add(nowNanos);
    }

    synchronized void judgment(Judgment judgment) {
        if (judgment.getOutcome() == Outcome.ABSTAINED) {
            abstained.merge(judgment.getAbstainReason(), 1L, Long::sum);
        }
        samePosition.add(judgment);
    }

    synchronized void checkpoint(Checkpoint announced) {
        if (!announced.getPolicy().equals(policy)) {
            return;
        }
        if (announced.getRole() == CheckpointRole.POLICY) {
            newestPolicy = newer(newestPolicy, announced);
        } else if (announced.getRole() == CheckpointRole.REWARD_MODEL) {
            newestRewardModel = newer(newestRewardModel, announced);
        }
    }

    private static Optional<Checkpoint> newer(Optional<Checkpoint> known, Checkpoint announced) {
        return known.isPresent() && known.get().getVersion() > announced.getVersion()
                ? known
                : Optional.of(announced);
    }

    synchronized void step(TrainingStep step) {
        if (step.getPolicy().equals(policy) && step.getRecords() != 0) { // records passed over
            lastSteps.put(step.getTrainer(), step);
        }
    }

    synchronized void deadLetter(Topic source, String code) {
        deadLetters.computeIfAbsent(source, _ -> new TreeMap<>()).merge(code, 1L, Long::sum);
    }

    /// A letter that was counted waits no more.
    synchronized void settledLetter(Topic source, String code) {
        deadLetters.computeIfPresent(
                source,
                (_, codes) -> {
                    codes.computeIfPresent(code, (_, count) -> count == 1 ? null : count - 1);
                    return codes.isEmpty() ? null : codes;
                });
    }

    synchronized TallySnapshot snapshot(long nowNanos) {
        Map<Topic, Map<String, Long>> letters = new EnumMap<>(Topic.class);
        deadLetters.forEach((topic, codes) -> letters.put(topic, Map.copyOf(codes)));
        return new TallySnapshot(
                records,
                abstained,
                labels.perSecond(nowNanos),
                samePosition.rate(),
                letters,
                newestPolicy,
                newestRewardModel,
                lastSteps,
                firstLabel,
                lastProgress);
    }
}

package rlaif.trainers.loop;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import rlaif.events.Checkpoint;
import rlaif.events.TrainingStep;
import rlaif.models.CheckpointRefusedException;
import rlaif.trainers.batching.SkippedUpdates;

/// The shape of every trainer on a stream: poll, batch, step; at the end of a version publish and
/// commit.
///
/// The folder of a version is written first. What is killed before its announcement is committed
/// never happened: the next start goes on from the last announced version and does the steps after
/// it again.
final class TrainingLoop<E, X> {
    /// Metric, under TRL's name (episodes a second): records trained on, from the end of the step
    /// before.
    private static final String RECORDS_A_SECOND = "eps";

    private final TrainerIdentity identity;
    private final String topic;
    private final Feed<E, X> feed;
    private final Learner<X> learner;
    private final Publisher publisher;
    private final KeptFiles keptFiles;
    private final OperatorWatch operators;
    private final List<TrainingStep> unpublishedSteps = new ArrayList<>();
    private final List<Batch.RefusedRecord> unpublishedRefusals = new ArrayList<>();
    private final SkippedSteps skipped;
    private final DroppedRecords dropped = new DroppedRecords();
    private OptionalLong head;
    private Standing standing;
    private boolean learned;
    private long steppedNanos = System.nanoTime();

    TrainingLoop(
            TrainerIdentity identity,
            String topic,
            Feed<E, X> feed,
            Learner<X> learner,
            Publisher publisher,
            KeptFiles keptFiles,
            OperatorWatch operators,
            OptionalLong head,
            Standing standing) {
        this.identity = identity;
        this.topic = topic;
        this.feed = feed;
        this.learner = learner;
        this.publisher = publisher;
        this.keptFiles = keptFiles;
        this.operators = operators;
        this.skipped = new SkippedSteps(identity.run());
        this.head = head;
        this.standing = standing;
    }

    /// Trains until the learner has finished, the recording has been used up, an operator has
    /// announced a version, or `stopped`.
    ///
    /// @return whether an operator has
    boolean run(BooleanSupplier stopped) {
        try {
            return train(stopped);
        } catch (CheckpointRefusedException gone) {
            publisher.requireNewest(head); // what a successor no longer keeps
            throw gone;
        }
    }

    private boolean train(BooleanSupplier stopped) {
        while (!learner.finished()) {
            Optional<Batch<X>> batch =
                    feed.next(() -> stopped.getAsBoolean() || operators.announced(head));
            if (batch.isEmpty()) {
                return operators.announced(head);
            }
            if (batch.get().examples().isEmpty()) {
                passOver(batch.get());
                continue;
            }
            step(batch.get());
            if (learner.checkpointDue()) {
                publish();
            }
        }
        return false;
    }

    /// Consumes records that there is nothing to learn from. They are committed at once, unless
    /// steps since the last version have learned from records before them: then with the next.
    private void passOver(Batch<X> batch) {
        standing = standing.passOver(batch);
        dropped.add(batch.dropped());
        TrainingStep passedOver = TrainingStep.newBuilder().build();
        name(passedOver, batch);
        passedOver.setStep(standing.step() + 1);
        unpublishedSteps.add(passedOver);
        unpublishedRefusals.addAll(batch.refused());
        if (!learned) {
            publisher.passOver(
                    head,
                    unpublishedSteps,
                    unpublishedRefusals,
                    feed.group(),
                    standing.positions());
            published();
        }
    }

    private void published() {
        feed.deadLettered(unpublishedRefusals);
        unpublishedSteps.clear();
        unpublishedRefusals.clear();
    }

    private void name(TrainingStep step, Batch<X> batch) {
        step.setRun(identity.run());
        step.setPolicy(identity.policy());
        step.setTrainer(identity.trainer());
        step.setGeneration(standing.generation());
        step.setStep(standing.step());
        step.setConsumed(Standing.ranges(topic, batch.consumed()));
        step.setRecords(batch.examples().size());
        step.setDropped(batch.dropped());
    }

    private void step(Batch<X> batch) {
        standing = standing.advance(batch);
        dropped.add(batch.dropped());
        learned = true;
        TrainingStep step = learn(batch);
        name(step, batch);
        Map<String, Double> metrics = measured(step.getMetrics());
        metrics.put(RECORDS_A_SECOND, batch.examples().size() / secondsSinceStep());
        step.setMetrics(metrics);
        unpublishedSteps.add(step);
        unpublishedRefusals.addAll(batch.refused());
        skipped.took(step.getStep(), step.getMetrics(), step.getConsumed().toString(), head);
    }

    private double secondsSinceStep() {
        long before = steppedNanos;
        steppedNanos = System.nanoTime();
        return Math.max(1, steppedNanos - before) / 1e9;
    }

    /// A batch that gives no finite loss or gradient changes nothing, and is told of as a step.
    private TrainingStep learn(Batch<X> batch) {
        try {
            return learner.learn(standing.step(), batch);
        } catch (ArithmeticException notFinite) {
            return TrainingStep.newBuilder().setMetrics(SkippedUpdates.whole()).build();
        }
    }

    private void publish() {
        long version = head.isPresent() ? head.getAsLong() + 1 : 0;
        Checkpoint checkpoint = learner.stage(version, standing);
        checkpoint.setPolicy(identity.policy());
        checkpoint.setRole(identity.role());
        checkpoint.setVersion(version);
        checkpoint.setParent(head.isPresent() ? head.getAsLong() : null);
        checkpoint.setConsumed(Standing.ranges(topic, standing.consumed()));
        checkpoint.setRun(identity.run());
        checkpoint.setGeneration(standing.generation());
        checkpoint.setStep(standing.step());
        checkpoint.setMetrics(dropped.among(measured(checkpoint.getMetrics())));
        checkpoint.setAnnouncedBy(identity.trainer());
        checkpoint.setRetired(keptFiles.retiredBy(checkpoint));
        publisher.publish(
                checkpoint,
                unpublishedSteps,
                unpublishedRefusals,
                feed.group(),
                standing.positions());
        published();
        dropped.announced();
        learned = false;
        head = OptionalLong.of(version);
        learner.announced(checkpoint);
        keptFiles.announced(checkpoint);
    }

    /// Metrics without those that could not be measured.
    private static Map<String, Double> measured(Map<String, Double> metrics) {
        Map<String, Double> measured = new HashMap<>(metrics);
        measured.values().removeIf(value -> !Double.isFinite(value));
        return measured;
    }
}

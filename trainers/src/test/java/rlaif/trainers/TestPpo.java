package rlaif.trainers;

import org.jspecify.annotations.Nullable;
import rlaif.topics.Topic;
import rlaif.trainers.loop.Pace;
import rlaif.trainers.loop.Retention;
import rlaif.trainers.ppo.PpoSettings;

/// The PPO trainers of tests: tiny steps of four groups, a version after each.
final class TestPpo {
    private TestPpo() {}

    static PpoTrainer trainer(TestStream stream, long lastVersion) {
        return trainer(stream, lastVersion, stream.recorded(Topic.SCORED_ROLLOUTS));
    }

    static PpoTrainer trainer(TestStream stream, long lastVersion, Pace pace) {
        return trainer(stream, lastVersion, pace, PpoTrainer.ValueOrigin.REWARD_MODEL);
    }

    static PpoTrainer trainer(
            TestStream stream, long lastVersion, Pace pace, PpoTrainer.ValueOrigin valueOrigin) {
        return trainer(stream, 0, lastVersion, pace, valueOrigin);
    }

    static PpoTrainer trainer(
            TestStream stream,
            long referenceVersion,
            long lastVersion,
            Pace pace,
            PpoTrainer.ValueOrigin valueOrigin) {
        return new PpoTrainer(
                stream.workshop(new Retention(1, 0, 0, "")),
                new PpoTrainer.Settings(
                        PpoTrainer.Algorithm.PPO,
                        TestEvents.POLICY,
                        referenceVersion,
                        TestEvents.SCORER,
                        valueOrigin,
                        9,
                        4,
                        TestEvents.GROUP_SIZE,
                        1,
                        lastVersion,
                        8,
                        PpoSettings.defaults(),
                        new LearningRateSchedule.Constant(0),
                        1,
                        pace));
    }

    /// How it ends: null where it ends well.
    static @Nullable Throwable failureOf(PpoTrainer trainer) {
        try {
            trainer.run();
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }
}

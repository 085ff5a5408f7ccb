package rlaif.benchmarks.resume;

import java.util.function.BooleanSupplier;
import rlaif.events.CheckpointRole;
import rlaif.topics.Topic;
import rlaif.trainers.LearningRateSchedule;
import rlaif.trainers.PpoTrainer;
import rlaif.trainers.RewardModelTrainer;
import rlaif.trainers.Workshop;
import rlaif.trainers.loop.Pace;
import rlaif.trainers.ppo.KlController;
import rlaif.trainers.ppo.PpoSettings;

/// A trainer that is measured, with settings under which one step follows the other quickly.
enum Trainer {
    PPO("ppo", CheckpointRole.POLICY, Topic.SCORED_ROLLOUTS, 180),
    REWARD_MODEL("reward-model", CheckpointRole.REWARD_MODEL, Topic.PREFERENCES, 60);

    static final String POLICY = "policy";
    static final String SCORER = "reward-model";
    static final int GROUPS = 16;
    static final int GROUP_SIZE = 4;
    static final int PREFERENCES = 64;

    private static final int STALENESS = 8;

    private final String written;
    private final CheckpointRole role;
    private final Topic source;
    private final int versions;

    Trainer(String written, CheckpointRole role, Topic source, int versions) {
        this.written = written;
        this.role = role;
        this.source = source;
        this.versions = versions;
    }

    String written() {
        return written;
    }

    CheckpointRole role() {
        return role;
    }

    Topic source() {
        return source;
    }

    /// Versions that it announces, version 0 of the policy left out.
    int versions() {
        return versions;
    }

    /// Number of the last version.
    long lastVersion() {
        return switch (this) {
            case PPO -> versions;
            case REWARD_MODEL -> versions - 1L;
        };
    }

    /// Trains until the last version is announced, in deterministic mode on one thread.
    void run(Workshop workshop, BooleanSupplier ended) {
        switch (this) {
            case PPO -> {
                try (PpoTrainer trainer = new PpoTrainer(workshop, ppoSettings())) {
                    trainer.run();
                }
            }
            case REWARD_MODEL -> {
                try (RewardModelTrainer trainer =
                        new RewardModelTrainer(workshop, rewardModelSettings())) {
                    closeWhen(trainer, ended);
                    trainer.run();
                }
            }
        }
    }

    private static void closeWhen(RewardModelTrainer trainer, BooleanSupplier ended) {
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        while (!ended.getAsBoolean()) {
                            Thread.sleep(50);
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    trainer.close();
                });
    }

    private PpoTrainer.Settings ppoSettings() {
        return new PpoTrainer.Settings(
                PpoTrainer.Algorithm.PPO,
                POLICY,
                0,
                SCORER,
                PpoTrainer.ValueOrigin.REWARD_MODEL,
                1,
                GROUPS,
                GROUP_SIZE,
                1,
                versions,
                STALENESS,
                arithmetic(),
                new LearningRateSchedule.Constant(0),
                1,
                Pace.deterministic());
    }

    /// The usual, with a KL coefficient that moves with every step, so that it too has to be kept.
    private static PpoSettings arithmetic() {
        PpoSettings usual = PpoSettings.defaults();
        return new PpoSettings(
                usual.clipRange(),
                usual.valueClipRange(),
                new KlController.Adaptive(0.1, 1, 1_000),
                usual.klEstimator(),
                usual.discount(),
                usual.lambda(),
                usual.epochs(),
                usual.minibatches(),
                usual.decoupled(),
                usual.proximalWeightLimit(),
                usual.behaviourRatioBound(),
                usual.learningRate(),
                usual.valueLearningRate(),
                usual.missingEndPenalty(),
                usual.temperature());
    }

    private static RewardModelTrainer.Settings rewardModelSettings() {
        return new RewardModelTrainer.Settings(
                POLICY,
                0,
                1,
                PREFERENCES,
                PREFERENCES,
                PREFERENCES,
                1e-3,
                new LearningRateSchedule.Constant(0),
                0.05,
                64,
                64,
                1,
                Pace.deterministic());
    }
}

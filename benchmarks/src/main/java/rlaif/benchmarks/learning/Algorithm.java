package rlaif.benchmarks.learning;

import java.util.Arrays;
import rlaif.trainers.PpoTrainer;
import rlaif.trainers.ppo.PpoSettings;

/// How the policy learns in the lab, and from whom.
enum Algorithm {
    /// PPO on the reward model's scores.
    PPO("ppo"),
    /// RLOO on the reward model's scores.
    RLOO("rloo"),
    /// GRPO on the reward model's scores.
    GRPO("grpo"),
    /// DPO on the judge's labels.
    DPO("dpo"),
    /// PPO on the judge's own scores.
    D_RLAIF("d-rlaif");

    private final String written;

    Algorithm(String written) {
        this.written = written;
    }

    /// What `rlaif run` takes where nothing else is said; DPO takes none of it.
    PpoSettings ppo() {
        return switch (this) {
            case PPO, D_RLAIF, DPO -> PpoTrainer.Algorithm.PPO.defaults();
            case RLOO -> PpoTrainer.Algorithm.RLOO.defaults();
            case GRPO -> PpoTrainer.Algorithm.GRPO.defaults();
        };
    }

    String written() {
        return written;
    }

    /// Whether a reward model is trained and scores.
    boolean learnsFromRewardModel() {
        return switch (this) {
            case PPO, RLOO, GRPO -> true;
            case DPO, D_RLAIF -> false;
        };
    }

    static Algorithm named(String written) {
        return Arrays.stream(values())
                .filter(it -> it.written.equals(written))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no algorithm " + written));
    }
}

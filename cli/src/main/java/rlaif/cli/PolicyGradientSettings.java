package rlaif.cli;

import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;
import rlaif.trainers.PpoTrainer;
import rlaif.trainers.ppo.KlController;
import rlaif.trainers.ppo.KlEstimator;
import rlaif.trainers.ppo.PpoSettings;

/// The arithmetic of PPO, RLOO or GRPO as the configuration has it; what it does not say is the
/// algorithm's own default.
record PolicyGradientSettings(Configuration configuration, PpoTrainer.Algorithm algorithm) {

    /// Of one step.
    PpoSettings arithmetic() {
        return Roles.checked(this::checked);
    }

    private PpoSettings checked() {
        PpoSettings usual = algorithm.defaults();
        LearningRates rates = new LearningRates(configuration);
        return new PpoSettings(
                configuration.positive(Key.PPO_CLIP_RANGE),
                configuration.positive(Key.PPO_VALUE_CLIP_RANGE),
                kl(usual.kl().beta()),
                klEstimator(),
                usual.discount(),
                configuration.number(Key.PPO_LAMBDA, 0),
                configuration.whole(Key.PPO_EPOCHS, 1),
                configuration.whole(Key.PPO_MINIBATCHES, 1),
                configuration.flag(Key.PPO_DECOUPLED),
                usual.proximalWeightLimit(),
                usual.behaviourRatioBound(),
                rates.of(Key.PPO_LEARNING_RATE),
                rates.of(Key.PPO_VALUE_LEARNING_RATE),
                configuration.number(Key.PPO_MISSING_END_PENALTY, 0),
                configuration.positive(Key.ROLLOUTS_TEMPERATURE));
    }

    private KlController kl(double usualBeta) {
        double beta =
                configuration
                        .given(Key.PPO_BETA)
                        .map(_ -> configuration.number(Key.PPO_BETA, 0))
                        .orElse(usualBeta);
        return switch (configuration.text(Key.PPO_KL_CONTROLLER)) {
            case "fixed" -> new KlController.Fixed(beta);
            case "adaptive" ->
                    Roles.checked(() ->
                            new KlController.Adaptive(
                                    beta,
                                    configuration.positive(Key.PPO_KL_TARGET),
                                    configuration.positive(Key.PPO_KL_HORIZON)));
            default -> throw configuration.wrong(Key.PPO_KL_CONTROLLER, "fixed or adaptive");
        };
    }

    private KlEstimator klEstimator() {
        KlEstimator estimator =
                switch (configuration.text(Key.PPO_KL_ESTIMATOR)) {
                    case "k1" -> KlEstimator.K1;
                    case "k2" -> KlEstimator.K2;
                    case "k3" -> KlEstimator.K3;
                    default -> throw configuration.wrong(Key.PPO_KL_ESTIMATOR, "k1, k2 or k3");
                };
        if (algorithm == PpoTrainer.Algorithm.GRPO
                && estimator != KlEstimator.K3
                && configuration.isChosen(Key.PPO_KL_ESTIMATOR)) {
            throw configuration.wrong(
                    Key.PPO_KL_ESTIMATOR,
                    "k3, or left out, with "
                            + Key.TRAIN_ALGORITHM.key()
                            + ": grpo, whose loss carries that estimate");
        }
        return estimator;
    }
}

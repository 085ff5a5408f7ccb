package rlaif.trainers.ppo;

/// The usual settings of PPO but for one or two.
public final class PpoVariants {
    private PpoVariants() {}

    public static PpoSettings minibatches(int minibatches) {
        return of(PpoSettings.defaults().kl(), minibatches);
    }

    public static PpoSettings kl(KlController kl) {
        return of(kl, PpoSettings.defaults().minibatches());
    }

    public static PpoSettings of(KlController kl, int minibatches) {
        PpoSettings d = PpoSettings.defaults();
        return new PpoSettings(
                d.clipRange(),
                d.valueClipRange(),
                kl,
                d.klEstimator(),
                d.discount(),
                d.lambda(),
                d.epochs(),
                minibatches,
                d.decoupled(),
                d.proximalWeightLimit(),
                d.behaviourRatioBound(),
                d.learningRate(),
                d.valueLearningRate(),
                d.missingEndPenalty(),
                d.temperature());
    }
}

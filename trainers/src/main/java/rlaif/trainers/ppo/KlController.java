package rlaif.trainers.ppo;

/// What a nat of divergence from the reference policy costs, and how that changes from step to
/// step.
///
/// A value: a step that has been taken gives the controller of the next one, and its coefficient is
/// all that a checkpoint has to keep.
public sealed interface KlController {
    /// Coefficient beta of the KL penalty, in scores a nat.
    double beta();

    /// The controller after a step.
    ///
    /// @param kl nats a completion, the mean over the step's rollouts
    /// @param rollouts of the step
    KlController after(double kl, int rollouts);

    /// The same controller at another coefficient, as it stood when it was saved.
    KlController at(double beta);

    /// One coefficient for ever (Lee et al. 2309.00267, appendix: 0.05).
    record Fixed(double beta) implements KlController {
        public Fixed {
            requireBeta(beta);
        }

        @Override
        public KlController after(double kl, int rollouts) {
            return this;
        }

        @Override
        public KlController at(double beta) {
            return this;
        }
    }

    /// A coefficient that steers the divergence to a target (Ziegler et al. 1909.08593, section
    /// 2.2).
    ///
    /// `e = clip(KL / target - 1, -0.2, 0.2)`, `beta <- beta (1 + e n / horizon)` after a step of
    /// `n` rollouts: a proportional controller in log space, slow enough that the policy can
    /// follow.
    ///
    /// @param beta above 0: from 0 it would never rise
    /// @param target nats a completion, above 0
    /// @param horizon rollouts over which beta changes by the factor `1 + e`, above 0
    record Adaptive(double beta, double target, double horizon) implements KlController {
        private static final double LARGEST_ERROR = 0.2;

        public Adaptive {
            requireBeta(beta);
            require(beta > 0, "beta must be above 0 where it adapts", beta);
            require(target > 0, "the target of the KL must be above 0", target);
            require(horizon > 0, "the horizon must be above 0", horizon);
        }

        @Override
        public KlController after(double kl, int rollouts) {
            if (!Double.isFinite(kl)) {
                return this; // a skipped step says nothing
            }
            double error = Math.clamp(kl / target - 1, -LARGEST_ERROR, LARGEST_ERROR);
            return at(beta * (1 + error * rollouts / horizon));
        }

        /// A fixed coefficient may have been 0, and nothing is taken from that.
        @Override
        public KlController at(double beta) {
            return beta == 0 ? this : new Adaptive(beta, target, horizon);
        }

        /// Whether no step of `rollouts` can bring beta to 0 or below.
        public boolean staysPositive(int rollouts) {
            return horizon > LARGEST_ERROR * rollouts;
        }
    }

    private static void requireBeta(double beta) {
        require(beta >= 0, "beta must be at least 0", beta);
    }

    private static void require(boolean holds, String rule, double value) {
        if (!(holds && Double.isFinite(value))) {
            throw new IllegalArgumentException("ppo.kl: %s, got %s".formatted(rule, value));
        }
    }
}

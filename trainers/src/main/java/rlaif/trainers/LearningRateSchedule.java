package rlaif.trainers;

/// The factor by which a step's learning rate differs from the configured one, in [0, 1].
public sealed interface LearningRateSchedule {
    /// Factor of a step, counted from 1.
    double factor(long step);

    /// Rises linearly over `warmupSteps`, then stays at 1: a stream has no end.
    record Constant(long warmupSteps) implements LearningRateSchedule {
        public Constant {
            requireWarmup(warmupSteps);
        }

        @Override
        public double factor(long step) {
            return rise(step, warmupSteps);
        }
    }

    /// Rises linearly over `warmupSteps`, then falls linearly so that the step after `totalSteps`
    /// would have 0.
    record LinearDecay(long warmupSteps, long totalSteps) implements LearningRateSchedule {
        public LinearDecay {
            requireWarmup(warmupSteps);
            if (totalSteps <= warmupSteps) {
                throw new IllegalArgumentException(
                        "totalSteps must exceed warmupSteps (%d), got %d"
                                .formatted(warmupSteps, totalSteps));
            }
        }

        @Override
        public double factor(long step) {
            double left = (double) (totalSteps - step + 1) / (totalSteps - warmupSteps);
            return Math.min(rise(step, warmupSteps), Math.clamp(left, 0, 1));
        }
    }

    private static void requireWarmup(long warmupSteps) {
        if (warmupSteps < 0) {
            throw new IllegalArgumentException(
                    "warmupSteps must be at least 0, got " + warmupSteps);
        }
    }

    private static double rise(long step, long warmupSteps) {
        return warmupSteps == 0 ? 1 : Math.min(1, (double) step / warmupSteps);
    }
}

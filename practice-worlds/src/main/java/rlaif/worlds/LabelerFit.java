package rlaif.worlds;

import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/// The fit of people and of simulated labelers to the practice worlds.
///
/// First the temperature at which two people agree on 75 % of the pairs; then, for each labeler,
/// the noise that gives the paper's alignment with people and the position bias that gives its
/// same-position rate. It prints the constants that the worlds should carry. In a built tree:
///
/// ```
/// java -cp "practice-worlds/target/classes:$(./mvnw -q -pl practice-worlds \
///     dependency:build-classpath -Dmdep.outputFile=/dev/stdout)" rlaif.worlds.LabelerFit
/// ```
public final class LabelerFit {
    private static final double PEOPLE_AGREE = 0.75;
    private static final int PAIRS = 20_000;
    private static final int HALVINGS = 30;
    private static final double HIGHEST = 50;

    private final PracticeWorld world;
    private final List<TrialPair> pairs;

    LabelerFit(PracticeWorld world, List<TrialPair> pairs) {
        this.world = world;
        this.pairs = pairs;
    }

    public static void main(String[] arguments) {
        for (PracticeWorld world : PracticeWorld.all()) {
            LabelerFit fit = new LabelerFit(world, TrialPair.draw(world, 1, PAIRS));
            double temperature = fit.temperature(PEOPLE_AGREE);
            System.out.printf(
                    Locale.ROOT, "%s: human temperature %.3f%n", world.name(), temperature);
            for (LabelerSize size : LabelerSize.values()) {
                Labeler found =
                        fit.labeler(
                                world.labeler(size),
                                temperature,
                                size.paperAlignment(),
                                size.paperSamePosition());
                System.out.println("  " + found + " " + fit.rates(found, temperature));
            }
        }
    }

    /// The temperature at which two people agree on `share` of the pairs; they agree less with it.
    double temperature(double share) {
        return bisect(temperature -> share - agreement(temperature));
    }

    private double agreement(double temperature) {
        double sum = 0;
        for (TrialPair pair : pairs) {
            double first = HumanLabeler.probability(pair.goldMargin(), temperature);
            sum += first * first + (1 - first) * (1 - first);
        }
        return sum / pairs.size();
    }

    /// The labeler with the noise and the position bias that give the wanted rates; its taste for
    /// length and the place it leans to stay those of `start`.
    ///
    /// Alignment after both orders depends on the noise alone and falls with it; the same-position
    /// rate then rises with the bias. So each is found by bisection.
    Labeler labeler(Labeler start, double temperature, double alignment, double samePosition) {
        double sigma =
                bisect(value -> alignment - rates(noisy(start, value), temperature).bothOrders());
        Labeler noisy = noisy(start, sigma);
        double place = Math.signum(start.positionBias());
        double bias =
                bisect(value ->
                        rates(biased(noisy, place * value), temperature).samePosition()
                                - samePosition);
        return biased(noisy, place * bias);
    }

    private LabelerRates rates(Labeler labeler, double temperature) {
        return LabelerRates.of(world, labeler, pairs, temperature);
    }

    private static double bisect(DoubleUnaryOperator rising) {
        double low = 0;
        double high = HIGHEST;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (rising.applyAsDouble(middle) > 0) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return (low + high) / 2;
    }

    private static Labeler noisy(Labeler labeler, double sigma) {
        return new Labeler(labeler.name(), sigma, labeler.lengthWeight(), labeler.positionBias());
    }

    private static Labeler biased(Labeler labeler, double positionBias) {
        return new Labeler(labeler.name(), labeler.sigma(), labeler.lengthWeight(), positionBias);
    }
}

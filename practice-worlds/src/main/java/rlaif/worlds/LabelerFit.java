package rlaif.worlds;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/// The fit of a simulated labeler to nine-rule chat: finds the noise and the position bias that
/// give a wanted accuracy against gold and a wanted same-position rate.
///
/// It prints the constants found and what the shipped ones give, on pairs that no fit saw. In a
/// built tree, with the wanted rates as optional arguments (0.877 and 0.18):
///
/// ```
/// java -cp "practice-worlds/target/classes:$(./mvnw -q -pl practice-worlds \
///     dependency:build-classpath -Dmdep.outputFile=/dev/stdout)" rlaif.worlds.LabelerFit
/// ```
public final class LabelerFit {
    private static final double ACCURACY = 0.877;
    private static final double SAME_POSITION = 0.18;
    private static final int PAIRS = 20_000;
    static final double MIN_GOLD_DIFFERENCE = 0.05;
    private static final int HALVINGS = 30;

    private final NineRuleChat world = new NineRuleChat();

    LabelerFit() {}

    public static void main(String[] arguments) {
        double accuracy = arguments.length > 0 ? Double.parseDouble(arguments[0]) : ACCURACY;
        double samePosition =
                arguments.length > 1 ? Double.parseDouble(arguments[1]) : SAME_POSITION;
        LabelerFit fit = new LabelerFit();
        Labeler found = fit.fit(Labeler.LARGE, accuracy, samePosition, fit.pairs(1, PAIRS));
        List<Pair> unseen = fit.pairs(2, PAIRS);
        System.out.println("wanted   accuracy " + accuracy + " same position " + samePosition);
        System.out.println("fitted   " + found + " " + fit.rates(found, unseen));
        System.out.println("shipped  " + Labeler.LARGE + " " + fit.rates(Labeler.LARGE, unseen));
    }

    /// Two attempts of the SFT writer at one prompt, and the principle drawn for them.
    record Pair(
            String principleId, String prompt, String first, String second, double goldMargin) {}

    /// How a labeler did.
    ///
    /// @param oneOrder share of pairs whose better completion it names when shown it in one order
    /// @param bothOrders the same after averaging both orders
    /// @param samePosition share of pairs of which it names the same position in both orders
    record Rates(double oneOrder, double bothOrders, double samePosition) {}

    /// The first `count` pairs with a gold difference that counts, drawn by `seed`.
    List<Pair> pairs(long seed, int count) {
        List<Pair> pairs = new ArrayList<>(count);
        Principle[] principles = Principle.values();
        for (long index = 0; pairs.size() < count; index++) {
            String prompt = world.prompt(seed, index).text();
            String first = world.write(prompt, StableHash.of(seed, 2 * index));
            String second = world.write(prompt, StableHash.of(seed, 2 * index + 1));
            double goldMargin =
                    world.gold(prompt, first, true).scalar()
                            - world.gold(prompt, second, true).scalar();
            if (Math.abs(goldMargin) >= MIN_GOLD_DIFFERENCE) {
                String principleId = principles[(int) (index % principles.length)].id();
                pairs.add(new Pair(principleId, prompt, first, second, goldMargin));
            }
        }
        return pairs;
    }

    /// The labeler with the noise and the position bias that give the wanted rates.
    ///
    /// Accuracy after both orders depends on the noise alone and falls with it; the same-position
    /// rate then rises with the bias. So each is found by bisection.
    Labeler fit(Labeler start, double accuracy, double samePosition, List<Pair> pairs) {
        double sigma = bisect(value -> accuracy - rates(noisy(start, value), pairs).bothOrders());
        Labeler noisy = noisy(start, sigma);
        double bias =
                bisect(value -> rates(biased(noisy, value), pairs).samePosition() - samePosition);
        return biased(noisy, bias);
    }

    Rates rates(Labeler labeler, List<Pair> pairs) {
        SimulatedJudge judge = new SimulatedJudge(world, labeler);
        int oneOrder = 0;
        int bothOrders = 0;
        int samePosition = 0;
        for (Pair pair : pairs) {
            double logit =
                    judge.firstLogit(
                            pair.principleId(), pair.prompt(), pair.first(), pair.second());
            double swapped =
                    judge.firstLogit(
                            pair.principleId(), pair.prompt(), pair.second(), pair.first());
            double firstBetter = (sigmoid(logit) + 1 - sigmoid(swapped)) / 2;
            boolean firstIsBetter = pair.goldMargin() > 0;
            oneOrder += (logit > 0) == firstIsBetter ? 1 : 0;
            bothOrders += (firstBetter > 0.5) == firstIsBetter ? 1 : 0;
            samePosition += (logit > 0) == (swapped > 0) ? 1 : 0;
        }
        double count = pairs.size();
        return new Rates(oneOrder / count, bothOrders / count, samePosition / count);
    }

    private static double bisect(DoubleUnaryOperator rising) {
        double low = 0;
        double high = 10;
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

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}

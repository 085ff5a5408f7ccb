package rlaif.worlds;

import java.util.List;

/// How a labeler did on pairs of a world.
///
/// @param oneOrder alignment when shown each pair in one order: the share on which it prefers what
///   a person prefers
/// @param bothOrders alignment after averaging both orders
/// @param samePosition share of pairs of which it prefers the same position in both orders
/// @param accuracy share of pairs whose better completion, by gold, it prefers after both orders
public record LabelerRates(
        double oneOrder, double bothOrders, double samePosition, double accuracy) {

    static LabelerRates of(PracticeWorld world, Labeler labeler, List<TrialPair> pairs) {
        return of(world, labeler, pairs, world.humanTemperature());
    }

    static LabelerRates of(
            PracticeWorld world, Labeler labeler, List<TrialPair> pairs, double temperature) {
        SimulatedJudge judge = new SimulatedJudge(world, labeler);
        double oneOrder = 0;
        double bothOrders = 0;
        int samePosition = 0;
        int right = 0;
        for (TrialPair pair : pairs) {
            double logit =
                    judge.firstLogit(
                            pair.principleId(), pair.prompt(), pair.first(), pair.second());
            double swapped =
                    judge.firstLogit(
                            pair.principleId(), pair.prompt(), pair.second(), pair.first());
            double person = HumanLabeler.probability(pair.goldMargin(), temperature);
            boolean prefersFirst = sigmoid(logit) + 1 - sigmoid(swapped) > 1;
            oneOrder += logit > 0 ? person : 1 - person;
            bothOrders += prefersFirst ? person : 1 - person;
            samePosition += (logit > 0) == (swapped > 0) ? 1 : 0;
            right += prefersFirst == pair.goldMargin() > 0 ? 1 : 0;
        }
        double count = pairs.size();
        return new LabelerRates(
                oneOrder / count, bothOrders / count, samePosition / count, right / count);
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}

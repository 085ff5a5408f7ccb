package rlaif.benchmarks.learning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import rlaif.trainers.reward.LabelledPair;
import rlaif.worlds.Labeler;
import rlaif.worlds.PracticeWorld;
import rlaif.worlds.SimulatedJudge;

/// The simulated judge asked as the stream asks it: a principle drawn per pair, both orders,
/// averaged.
final class PairLabeler {
    private static final List<String> PRINCIPLES =
            List.of(
                    "no-harmful-content",
                    "positive-direction",
                    "harmful-assumptions",
                    "problematic-assumptions",
                    "age-appropriate",
                    "legal-and-safe",
                    "non-controversial",
                    "caring-friend",
                    "no-crime");

    private final SimulatedJudge judge;
    private final Random random;

    PairLabeler(PracticeWorld world, long seed) {
        this.judge = new SimulatedJudge(world, Labeler.LARGE);
        this.random = new Random(seed);
    }

    /// The disjoint pairs of every group of `groupSize` neighbours, labelled; identical ones
    /// skipped.
    List<LabelledPair> label(List<Trial> trials, int groupSize) {
        List<LabelledPair> pairs = new ArrayList<>();
        for (int group = 0; group < trials.size(); group += groupSize) {
            for (int i = group; i + 1 < group + groupSize; i += 2) {
                Trial first = trials.get(i);
                Trial second = trials.get(i + 1);
                if (!Arrays.equals(first.completionTokens(), second.completionTokens())) {
                    pairs.add(
                            new LabelledPair(
                                    first.promptTokens(),
                                    first.completionTokens(),
                                    second.completionTokens(),
                                    firstProbability(first, second)));
                }
            }
        }
        return pairs;
    }

    static String principle(Random random) {
        return PRINCIPLES.get(random.nextInt(PRINCIPLES.size()));
    }

    private double firstProbability(Trial first, Trial second) {
        String principle = principle(random);
        double inOrder =
                judge.firstLogit(
                        principle, first.prompt(), first.completion(), second.completion());
        double swapped =
                judge.firstLogit(
                        principle, first.prompt(), second.completion(), first.completion());
        return 0.5 * (sigma(inOrder) + sigma(-swapped));
    }

    /// Neighbours, two and two, whose gold differs by at least `difference`, labelled by gold.
    static List<LabelledPair> byGold(List<Trial> trials, double difference) {
        List<LabelledPair> pairs = new ArrayList<>();
        for (int i = 0; i + 1 < trials.size(); i += 2) {
            Trial first = trials.get(i);
            Trial second = trials.get(i + 1);
            double surplus = first.gold().scalar() - second.gold().scalar();
            if (Math.abs(surplus) >= difference) {
                pairs.add(
                        new LabelledPair(
                                first.promptTokens(),
                                first.completionTokens(),
                                second.completionTokens(),
                                surplus > 0 ? 1 : 0));
            }
        }
        return pairs;
    }

    private static double sigma(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }
}

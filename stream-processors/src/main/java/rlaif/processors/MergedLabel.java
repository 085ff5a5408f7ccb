package rlaif.processors;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import rlaif.events.HumanChoice;
import rlaif.events.HumanLabel;
import rlaif.events.Judgment;
import rlaif.events.PreferenceSource;

/// The soft label of a pair, from a judge, from people, or from both.
///
/// People are averaged: `h = mean of 1 (first), 0 (second), 1/2 (tie)`. Both together are the
/// weighted mean of their log-odds, `logit p = (logit a + w logit h) / (1 + w)`, each probability
/// held in [0.01, 0.99] first, since one person's choice is not certainty.
///
/// @param firstProbability soft label in [0, 1]
/// @param aiProbability what the judge said; null: nothing
/// @param humanProbability what people said; null: nothing that counts
/// @param humanLabels ids of the human labels in it, ascending
record MergedLabel(
        PreferenceSource source,
        double firstProbability,
        @Nullable Double aiProbability,
        @Nullable Double humanProbability,
        List<String> humanLabels) {
    private static final double LEAST = 0.01;

    MergedLabel {
        humanLabels = List.copyOf(humanLabels);
    }

    /// Empty: neither says anything that the settings train on.
    ///
    /// @param people what people said about the pair; the unsure say nothing
    static Optional<MergedLabel> of(
            Judgment judgment, List<HumanLabel> people, PreferenceSettings settings) {
        Double said = judgment.getFirstProbability();
        OptionalDouble judged = JudgedLabel.of(judgment, settings);
        List<HumanLabel> sure = people.stream().filter(label -> choice(label).isPresent()).toList();
        OptionalDouble human =
                sure.stream().mapToDouble(label -> choice(label).getAsDouble()).average();
        if (human.isEmpty()) {
            return judged.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            new MergedLabel(
                                    PreferenceSource.AI,
                                    hard(judged.getAsDouble(), settings),
                                    said == null ? judged.getAsDouble() : said,
                                    null,
                                    List.of()));
        }
        double h = human.getAsDouble();
        boolean weighs = settings.merge() == PreferenceSettings.Merge.WEIGH && judged.isPresent();
        double p = weighs ? weighed(judged.getAsDouble(), h, settings.humanWeight()) : h;
        return Optional.of(
                new MergedLabel(
                        weighs ? PreferenceSource.MERGED : PreferenceSource.HUMAN,
                        hard(p, settings),
                        judged.isPresent() ? Double.valueOf(judged.getAsDouble()) : said,
                        h,
                        sure.stream().map(HumanLabel::getId).sorted().toList()));
    }

    /// 1 (first), 0 (second) or 1/2 (tie); empty: unsure.
    static OptionalDouble choice(HumanLabel label) {
        HumanChoice choice = label.getChoice();
        return switch (choice) {
            case FIRST -> OptionalDouble.of(1);
            case SECOND -> OptionalDouble.of(0);
            case TIE -> OptionalDouble.of(0.5);
            case UNSURE, UNKNOWN -> OptionalDouble.empty();
        };
    }

    private static double weighed(double ai, double human, double weight) {
        double logit = (logit(ai) + weight * logit(human)) / (1 + weight);
        return 1 / (1 + Math.exp(-logit));
    }

    private static double logit(double p) {
        double held = Math.clamp(p, LEAST, 1 - LEAST);
        return Math.log(held / (1 - held));
    }

    private static double hard(double p, PreferenceSettings settings) {
        return settings.hardLabels() ? (Math.signum(p - 0.5) + 1) / 2 : p;
    }
}

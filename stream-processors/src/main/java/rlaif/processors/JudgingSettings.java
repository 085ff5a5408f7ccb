package rlaif.processors;

import java.util.function.Consumer;
import rlaif.events.PreferenceWriter;
import rlaif.judging.AttackSource;
import rlaif.judging.CanaryWatch;
import rlaif.judging.Constitution;
import rlaif.judging.Judge;
import rlaif.judging.JudgeCalls;
import rlaif.judging.PairJudging;
import rlaif.judging.Principle;
import rlaif.judging.PrincipleDraw;
import rlaif.judging.WatchedJudging;

/// How pairs become judgments.
///
/// @param constitutionId constitution whose version in force is judged by
/// @param drawSeed seed of the draw of principles
/// @param principles one drawn for each pair, or all
/// @param pairs how a pair is judged, and the judge called
/// @param canaries how attacks are put to the judge beside real pairs
/// @param keptShare share in [0, 1] of pairs whose raw requests and replies are kept in the
///   judgment
/// @param people pairs that are left to people
/// @param preferenceWriter which stage writes the preferences that follow
public record JudgingSettings(
        String constitutionId,
        long drawSeed,
        Principles principles,
        PairJudging.Settings pairs,
        Canaries canaries,
        double keptShare,
        HumanShare people,
        PreferenceWriter preferenceWriter) {

    /// Which principles a pair is judged by.
    public enum Principles {
        /// One, drawn by seed and weight.
        DRAWN,
        /// All together.
        ALL;

        /// What a pair is judged by.
        public Principle of(Constitution constitution, String pairId, long drawSeed) {
            return switch (this) {
                case DRAWN -> PrincipleDraw.draw(constitution, pairId, drawSeed);
                case ALL -> PrincipleDraw.all(constitution);
            };
        }
    }

    /// Attacks beside real pairs.
    ///
    /// @param share share in [0, 1] of pairs, drawn by pair id
    public record Canaries(double share, CanaryWatch.Settings watch) {
        public static final Canaries NONE = new Canaries(0, CanaryWatch.Settings.DEFAULT);

        public Canaries {
            requireShare("canaryShare", share);
        }

        private static void requireShare(String name, double share) {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException(name + " must lie in [0, 1], got " + share);
            }
        }
    }

    /// Constitution `nine-rules`, seed 1, 64 calls in flight, no canaries, bodies of one pair in a
    /// hundred kept.
    public static final JudgingSettings DEFAULT =
            new JudgingSettings("nine-rules", 1, PairJudging.Settings.DEFAULT, 0.01);

    public JudgingSettings {
        Canaries.requireShare("the share of pairs whose requests are kept", keptShare);
        if (preferenceWriter == PreferenceWriter.UNKNOWN) {
            throw new IllegalArgumentException("preferenceWriter must be a stage");
        }
    }

    /// One principle a pair, no canaries, everything to the judge, whose stage writes the
    /// preferences.
    public JudgingSettings(
            String constitutionId, long drawSeed, PairJudging.Settings pairs, double keptShare) {
        this(
                constitutionId,
                drawSeed,
                Principles.DRAWN,
                pairs,
                Canaries.NONE,
                keptShare,
                HumanShare.NONE,
                PreferenceWriter.JUDGING);
    }

    /// The same with these pairs left to people, and preferences written by that stage.
    public JudgingSettings withLabels(HumanShare share, PreferenceWriter writer) {
        return new JudgingSettings(
                constitutionId, drawSeed, principles, pairs, canaries, keptShare, share, writer);
    }

    /// The same with these principles and these attacks beside real pairs.
    public JudgingSettings with(Principles chosen, Canaries beside) {
        return new JudgingSettings(
                constitutionId,
                drawSeed,
                chosen,
                pairs,
                beside,
                keptShare,
                people,
                preferenceWriter);
    }

    /// The judging of pairs as set here.
    WatchedJudging watched(Judge judge, AttackSource attacks, Consumer<String> notices) {
        return new WatchedJudging(
                new PairJudging(judge, new JudgeCalls(judge.name(), pairs.calls(), notices), pairs),
                attacks,
                canaries.share(),
                new CanaryWatch(canaries.watch(), notices));
    }

    /// What one task may have outstanding.
    Room room() {
        return Room.of(pairs.calls());
    }
}

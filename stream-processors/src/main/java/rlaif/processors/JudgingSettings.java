package rlaif.processors;

import rlaif.events.PreferenceWriter;
import rlaif.judging.PairJudging;

/// How pairs become judgments.
///
/// @param constitutionId constitution whose version in force is judged by
/// @param drawSeed seed of the draw of principles
/// @param calls how the judge is called
/// @param auditShare share in [0, 1] of pairs whose raw requests and replies are kept in the
///   judgment
/// @param people pairs that are left to people
/// @param preferenceWriter which stage writes the preferences that follow
public record JudgingSettings(
        String constitutionId,
        long drawSeed,
        PairJudging.Settings calls,
        double auditShare,
        HumanShare people,
        PreferenceWriter preferenceWriter) {
    /// Constitution `nine-rules`, seed 1, 64 calls in flight, one pair in a hundred audited.
    public static final JudgingSettings DEFAULT =
            new JudgingSettings("nine-rules", 1, PairJudging.Settings.DEFAULT, 0.01);

    /// Pairs that may be outstanding in one task, as a multiple of the calls in flight: enough that
    /// completions find the next pair waiting.
    private static final int OUTSTANDING_PER_CALL = 4;

    public JudgingSettings {
        if (!(auditShare >= 0 && auditShare <= 1)) {
            throw new IllegalArgumentException("auditShare must lie in [0, 1], got " + auditShare);
        }
        if (preferenceWriter == PreferenceWriter.UNKNOWN) {
            throw new IllegalArgumentException("preferenceWriter must be a stage");
        }
    }

    /// Everything to the judge, whose stage writes the preferences.
    public JudgingSettings(
            String constitutionId, long drawSeed, PairJudging.Settings calls, double auditShare) {
        this(
                constitutionId,
                drawSeed,
                calls,
                auditShare,
                HumanShare.NONE,
                PreferenceWriter.JUDGING);
    }

    /// The same with these pairs left to people, and preferences written by that stage.
    public JudgingSettings withLabels(HumanShare share, PreferenceWriter writer) {
        return new JudgingSettings(constitutionId, drawSeed, calls, auditShare, share, writer);
    }

    int maxOutstanding() {
        return OUTSTANDING_PER_CALL * calls.maxInFlight();
    }
}

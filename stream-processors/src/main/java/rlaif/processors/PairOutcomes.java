package rlaif.processors;

import java.util.List;
import rlaif.events.Judgment;
import rlaif.events.Pair;
import rlaif.events.Preference;
import rlaif.events.PreferenceWriter;
import rlaif.judging.Canary;
import rlaif.judging.Judge;
import rlaif.judging.JudgedPair;
import rlaif.judging.WatchedJudging;
import rlaif.topics.Codec;
import rlaif.topics.Codecs;
import rlaif.topics.OversizedRecordException;
import rlaif.topics.Topic;

/// Makes of what came of pairs the bytes that leave the judging stage.
final class PairOutcomes {
    private final Judge judge;
    private final PreferenceWriter writer;
    private final JudgmentRecords records;
    private final Codec<Judgment> judgments;
    private final Codec<Preference> preferences;

    PairOutcomes(Codecs codecs, Judge judge, JudgingSettings settings) {
        this.judge = judge;
        this.writer = settings.preferenceWriter();
        this.records =
                new JudgmentRecords(
                        judge, settings.pairs().calls().prices(), settings.keptShare(), writer);
        this.judgments = codecs.codec(Topic.JUDGMENTS);
        this.preferences = codecs.codec(Topic.PREFERENCES);
    }

    /// Of a pair that no judge is asked about.
    PairOutcome.JudgedOnly unasked(Pair pair) {
        return new PairOutcome.JudgedOnly(judgments.encode(records.unasked(pair)));
    }

    PairOutcome judged(PendingPair done, WatchedJudging.Watched watched) {
        List<Canary> canaries = watched.canaries();
        return switch (watched.judged()) {
            case JudgedPair.Preferred preferred ->
                    labelled(records.preferred(done, preferred, canaries));
            case JudgedPair.Abstained abstained ->
                    new PairOutcome.JudgedOnly(
                            encoded(records.abstained(done, abstained, canaries)));
            case JudgedPair.Failed(var cause, int attempts, var failure, var _) ->
                    new PairOutcome.Refused(
                            attempts,
                            new RefusedRecordException(
                                    RefusedRecordException.codeOf(failure),
                                    "judge '%s': %s".formatted(judge.name(), cause)));
        };
    }

    private PairOutcome labelled(Judgment judgment) {
        byte[] encoded = encoded(judgment);
        return switch (writer) {
            case JUDGING, UNKNOWN ->
                    new PairOutcome.Labelled(
                            encoded, preferences.encode(PreferenceRecords.asJudged(judgment)));
            case PREFERENCES -> new PairOutcome.JudgedOnly(encoded);
        };
    }

    /// A label is worth more than the copy of what went back and forth: where that makes the record
    /// too large, it is left out.
    private byte[] encoded(Judgment judgment) {
        try {
            return judgments.encode(judgment);
        } catch (OversizedRecordException e) {
            JudgmentRecords.forgetExchanges(judgment);
            return judgments.encode(judgment);
        }
    }
}

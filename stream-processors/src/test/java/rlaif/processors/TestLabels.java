package rlaif.processors;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.Topology;
import rlaif.events.AbstainReason;
import rlaif.events.Candidate;
import rlaif.events.FinishReason;
import rlaif.events.HumanChoice;
import rlaif.events.HumanLabel;
import rlaif.events.Judgment;
import rlaif.events.Outcome;
import rlaif.events.Preference;
import rlaif.events.PreferenceWriter;
import rlaif.events.PresentationOrder;
import rlaif.events.Verdict;
import rlaif.judging.AttackSource;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Ids;
import rlaif.topics.Topic;

/// Judgments and people's labels of made-up pairs, and the stage that makes preferences of them.
final class TestLabels {
    private static final FinishReason EOS = FinishReason.EOS;

    private TestLabels() {}

    /// The preference stage alone.
    static TestStream open(Path folder, PreferenceSettings settings) throws IOException {
        return new TestStream(
                folder,
                (connection, codecs) ->
                        topology(
                                connection,
                                codecs,
                                new JudgmentSource(connection, codecs),
                                settings,
                                folder));
    }

    /// @param source what it reads; under another prefix: a derivation
    static Topology topology(
            Connection connection,
            Codecs codecs,
            JudgmentSource source,
            PreferenceSettings settings,
            Path folder) {
        JudgeStage.Settings stage =
                new JudgeStage.Settings(
                        Set.of(JudgeStage.Part.PREFERENCES),
                        PairingSettings.DEFAULT,
                        JudgingSettings.DEFAULT,
                        settings,
                        Optional.of(source.connection().prefix()),
                        StreamsSettings.in(folder));
        return JudgeTopology.of(
                connection,
                codecs,
                source,
                new NoJudge(),
                stage.judging().watched(new NoJudge(), _ -> noAttack(), _ -> {}),
                new NoConstitutions(),
                new Intake(),
                stage);
    }

    private static AttackSource.Trial noAttack() {
        throw new IllegalStateException("no stage here judges");
    }

    /// Verdicts p12 and p21 that `first` is better, and what follows under the defaults.
    static Judgment judgment(int pair, double p12, double p21) {
        return people(pair)
                .setId("judgment-" + pair)
                .setJudge("judge")
                .setOutcome(Outcome.PREFERRED)
                .setAbstainReason(AbstainReason.NONE)
                .setFirstProbability((p12 + p21) / 2)
                .setVerdicts(
                        List.of(
                                verdict(PresentationOrder.FIRST_SECOND, p12),
                                verdict(PresentationOrder.SECOND_FIRST, p21)))
                .build();
    }

    private static Verdict verdict(PresentationOrder order, double p) {
        return Verdict.newBuilder()
                .setJudge("judge")
                .setOrder(order)
                .setFirstProbability(p)
                .build();
    }

    /// What becomes of a pair that is left to people.
    static Judgment.Builder people(int pair) {
        return Judgment.newBuilder()
                .setId("for-people-" + pair)
                .setPairId("pair-" + pair)
                .setPromptId("prompt")
                .setGroupId("group")
                .setPrompt("user : what ? assistant :")
                .setPromptTokens(List.of(1, 2, 3))
                .setCategory("benign")
                .setTokenizerDigest("ab")
                .setPolicy("policy")
                .setFirst(new Candidate("r0", "yes", List.of(4), List.of(), EOS))
                .setSecond(new Candidate("r1", "no", List.of(5), List.of(), EOS))
                .setPreferenceWriter(PreferenceWriter.PREFERENCES)
                .setOutcome(Outcome.ABSTAINED)
                .setAbstainReason(AbstainReason.FOR_PEOPLE);
    }

    static HumanLabel label(int pair, String labeler, HumanChoice choice) {
        return HumanLabel.newBuilder()
                .setId(Ids.humanLabel("pair-" + pair, labeler, "test"))
                .setPairId("pair-" + pair)
                .setPromptId("prompt")
                .setLabeler(labeler)
                .setSource("test")
                .setChoice(choice)
                .build();
    }

    static void pipe(TestStream stream, Judgment judgment) {
        stream.pipe(Topic.JUDGMENTS, "prompt", judgment);
    }

    static void pipe(TestStream stream, HumanLabel label) {
        stream.pipe(Topic.HUMAN_LABELS, "prompt", label);
    }

    /// Preferences that have been made since.
    static List<Preference> made(TestStream stream) throws InterruptedException {
        int count = stream.count(Topic.PREFERENCES);
        return count == 0 ? List.of() : stream.await(Topic.PREFERENCES, count);
    }
}

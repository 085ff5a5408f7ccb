package rlaif.processors;

import java.util.List;
import java.util.function.Consumer;
import rlaif.judging.CallStatus;
import rlaif.judging.JudgeCalls;
import rlaif.judging.ScoringJudge;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Topic;

/// The application `rlaif-score` without a reward model: a judge scores every rollout from the
/// first one on (d-RLAIF).
public final class DirectScoreStage implements AutoCloseable {
    private final Connection connection;
    private final Codecs codecs;
    private final ScoringJudge judge;
    private final JudgeCalls calls;
    private final Intake intake = new Intake();
    private final DirectScoringSettings settings;
    private final StreamsApplication application;

    /// @param notices told, in a line each, when scoring pauses and when it goes on
    public DirectScoreStage(
            Connection connection,
            Codecs codecs,
            ScoringJudge judge,
            DirectScoringSettings settings,
            StreamsSettings streams,
            Consumer<String> notices) {
        this.connection = connection;
        this.codecs = codecs;
        this.judge = judge;
        this.calls = new JudgeCalls(judge.name(), settings.calls(), notices);
        this.settings = settings;
        this.application =
                new StreamsApplication(
                        connection,
                        connection.group("score"),
                        streams,
                        settings.room().fetchedAhead(),
                        intake,
                        atWork -> calls.hold(!atWork));
    }

    /// How the judge's calls stand; read by whoever shows them.
    public CallStatus calls() {
        return calls.status();
    }

    /// Blocks until closed.
    ///
    /// @throws IllegalStateException when no constitution is in force, or the application broke
    public void run() {
        StartingPoint.atLogStart(connection, connection.group("score"), List.of(Topic.ROLLOUTS));
        try (var constitutions =
                new ConstitutionFollower(connection, codecs, settings.constitutionId())) {
            application.run(
                    ScoreTopology.direct(
                            connection, codecs, judge, calls, constitutions, intake, settings));
        }
    }

    /// Ends the run; what is outstanding is scored after the next start.
    @Override
    public void close() {
        application.stop();
    }
}

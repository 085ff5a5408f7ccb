package rlaif.processors;

import java.util.List;
import java.util.function.Consumer;
import rlaif.judging.CallStatus;
import rlaif.judging.JudgeCalls;
import rlaif.judging.revision.Reviser;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Topic;

/// The application `rlaif-revise`: has rollouts criticised and rewritten by the constitution, and
/// writes revisions.
public final class ReviseStage implements AutoCloseable {
    /// How it runs.
    public record Settings(ReviseSettings revise, StreamsSettings streams) {}

    private final Connection connection;
    private final Codecs codecs;
    private final Reviser reviser;
    private final JudgeCalls calls;
    private final Intake intake = new Intake();
    private final Settings settings;
    private final StreamsApplication application;

    /// @param notices told, in a line each, when revising pauses and when it goes on
    public ReviseStage(
            Connection connection,
            Codecs codecs,
            Reviser reviser,
            Settings settings,
            Consumer<String> notices) {
        this.connection = connection;
        this.codecs = codecs;
        this.reviser = reviser;
        this.calls = new JudgeCalls(reviser.name(), settings.revise().calls(), notices);
        this.settings = settings;
        this.application =
                new StreamsApplication(
                        connection,
                        connection.group("revise"),
                        settings.streams(),
                        settings.revise().room().fetchedAhead(),
                        intake,
                        atWork -> calls.hold(!atWork));
    }

    /// How the reviser's calls stand; read by whoever shows them.
    public CallStatus calls() {
        return calls.status();
    }

    /// Blocks until closed.
    ///
    /// @throws IllegalStateException when no constitution is in force, or the application broke
    public void run() {
        StartingPoint.atLogStart(connection, connection.group("revise"), List.of(Topic.ROLLOUTS));
        try (var constitutions =
                new ConstitutionFollower(connection, codecs, settings.revise().constitutionId())) {
            application.run(
                    ReviseTopology.of(
                            connection,
                            codecs,
                            reviser,
                            calls,
                            constitutions,
                            intake,
                            settings.revise()));
        }
    }

    /// Ends the run; what is pending is revised after the next start.
    @Override
    public void close() {
        application.stop();
    }
}

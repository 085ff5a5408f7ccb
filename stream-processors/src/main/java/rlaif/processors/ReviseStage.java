package rlaif.processors;

import java.util.List;
import java.util.Map;
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
    private final Settings settings;
    private final StreamsApplication application;

    public ReviseStage(Connection connection, Codecs codecs, Reviser reviser, Settings settings) {
        this.connection = connection;
        this.codecs = codecs;
        this.reviser = reviser;
        this.settings = settings;
        this.application =
                new StreamsApplication(
                        connection, connection.group("revise"), settings.streams(), Map.of());
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
                            connection, codecs, reviser, constitutions, settings.revise()));
        }
    }

    /// Ends the run; what is pending is revised after the next start.
    @Override
    public void close() {
        application.stop();
    }
}

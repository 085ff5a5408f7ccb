package rlaif.processors;

import java.util.Map;
import java.util.Set;
import rlaif.judging.Judge;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;

/// The application `rlaif-judge`: pairs the rollouts of each group, has the pairs judged, and
/// writes judgments and preferences.
public final class JudgeStage implements AutoCloseable {
    /// A part of the application.
    public enum Part {
        /// Rollouts to pairs.
        PAIRING,
        /// Pairs to judgments and preferences.
        JUDGING
    }

    /// How it runs.
    ///
    /// @param stages parts that run; the same in every instance
    public record Settings(
            Set<Part> stages,
            PairingSettings pairing,
            JudgingSettings judging,
            StreamsSettings streams) {
        public Settings {
            stages = Set.copyOf(stages);
            if (stages.isEmpty()) {
                throw new IllegalArgumentException("stages must name PAIRING, JUDGING or both");
            }
        }

        /// Both parts with the defaults of each.
        public static Settings of(StreamsSettings streams) {
            return new Settings(
                    Set.of(Part.values()),
                    PairingSettings.DEFAULT,
                    JudgingSettings.DEFAULT,
                    streams);
        }
    }

    private final Connection connection;
    private final Codecs codecs;
    private final Judge judge;
    private final Settings settings;
    private final StreamsApplication application;

    public JudgeStage(Connection connection, Codecs codecs, Judge judge, Settings settings) {
        this.connection = connection;
        this.codecs = codecs;
        this.judge = judge;
        this.settings = settings;
        this.application =
                new StreamsApplication(
                        connection, connection.group("judge"), settings.streams(), Map.of());
    }

    /// Blocks until closed.
    ///
    /// @throws IllegalStateException when no constitution is in force, or the application broke
    public void run() {
        StartingPoint.atLogStart(
                connection, connection.group("judge"), JudgeTopology.sources(settings.stages()));
        try (var constitutions =
                new ConstitutionFollower(connection, codecs, settings.judging().constitutionId())) {
            application.run(JudgeTopology.of(connection, codecs, judge, constitutions, settings));
        }
    }

    /// Ends the run; what is pending is judged after the next start.
    @Override
    public void close() {
        application.stop();
    }
}

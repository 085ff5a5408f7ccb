package rlaif.processors;

import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rlaif.judging.AttackSource;
import rlaif.judging.CallStatus;
import rlaif.judging.CanaryWatch;
import rlaif.judging.Judge;
import rlaif.judging.WatchedJudging;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;

/// The application `rlaif-judge`: pairs the rollouts of each group, has the pairs judged, and
/// writes judgments and preferences.
public final class JudgeStage implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JudgeStage.class);

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
    private final WatchedJudging judging;
    private final Settings settings;
    private final StreamsApplication application;

    /// Without canaries; pauses are logged.
    public JudgeStage(Connection connection, Codecs codecs, Judge judge, Settings settings) {
        this(
                connection,
                codecs,
                judge,
                pairId -> {
                    throw new IllegalStateException("no attacks were given for pair " + pairId);
                },
                settings,
                LOG::warn);
    }

    /// @param attacks put to the judge beside real pairs
    /// @param notices told, in a line each, when judging pauses, when it goes on, and when attacks
    ///   succeed
    public JudgeStage(
            Connection connection,
            Codecs codecs,
            Judge judge,
            AttackSource attacks,
            Settings settings,
            Consumer<String> notices) {
        this.connection = connection;
        this.codecs = codecs;
        this.judge = judge;
        this.judging = settings.judging().watched(judge, attacks, notices);
        this.settings = settings;
        this.application =
                new StreamsApplication(
                        connection, connection.group("judge"), settings.streams(), Map.of());
    }

    /// How the judge's calls stand; read by whoever shows them.
    public CallStatus calls() {
        return judging.judging().calls().status();
    }

    /// Replies that were remembered, so far.
    public long cacheHits() {
        return judging.judging().cacheHits();
    }

    /// How attacks put beside real pairs fare.
    public CanaryWatch.Standing canaries() {
        return judging.watch().standing();
    }

    /// Blocks until closed.
    ///
    /// @throws IllegalStateException when no constitution is in force, or the application broke
    public void run() {
        StartingPoint.atLogStart(
                connection, connection.group("judge"), JudgeTopology.sources(settings.stages()));
        try (var constitutions =
                new ConstitutionFollower(connection, codecs, settings.judging().constitutionId())) {
            application.run(
                    JudgeTopology.of(connection, codecs, judge, judging, constitutions, settings));
        }
    }

    /// Ends the run; what is pending is judged after the next start.
    @Override
    public void close() {
        application.stop();
    }
}

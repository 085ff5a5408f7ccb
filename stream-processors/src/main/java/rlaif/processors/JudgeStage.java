package rlaif.processors;

import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rlaif.events.PreferenceWriter;
import rlaif.judging.AttackSource;
import rlaif.judging.CallStatus;
import rlaif.judging.CanaryWatch;
import rlaif.judging.Judge;
import rlaif.judging.WatchedJudging;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Topic;

/// The application `rlaif-judge`: pairs the rollouts of each group, has the pairs judged, and
/// writes judgments and preferences, the latter beside the judgments or from them.
public final class JudgeStage implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JudgeStage.class);

    /// A part of the application.
    public enum Part {
        /// Rollouts to pairs.
        PAIRING,
        /// Pairs to judgments, and to preferences where the settings say so.
        JUDGING,
        /// Judgments and people's labels to preferences.
        PREFERENCES
    }

    /// How it runs.
    ///
    /// @param stages parts that run; the same in every instance
    /// @param readPrefix prefix of the topics that {@link Part#PREFERENCES} reads, in a replay,
    ///   which labels every judgment there anew; absent: the connection's
    public record Settings(
            Set<Part> stages,
            PairingSettings pairing,
            JudgingSettings judging,
            PreferenceSettings preferences,
            Optional<String> readPrefix,
            StreamsSettings streams) {
        public Settings {
            stages = Set.copyOf(stages);
            if (stages.isEmpty()) {
                throw new IllegalArgumentException(
                        "stages must name PAIRING, JUDGING, PREFERENCES or several");
            }
            if (stages.contains(Part.JUDGING)
                    && stages.contains(Part.PREFERENCES)
                    && judging.preferenceWriter() == PreferenceWriter.JUDGING) {
                throw new IllegalArgumentException(
                        "with both JUDGING and PREFERENCES among the stages, the latter writes the preferences: set preferenceWriter to it");
            }
        }

        /// Whether any pair is put to a judge.
        boolean asksJudge() {
            return stages.contains(Part.JUDGING) && !judging.people().takesAll();
        }

        /// Pairing and judging, which writes its own preferences.
        public Settings(
                Set<Part> stages,
                PairingSettings pairing,
                JudgingSettings judging,
                StreamsSettings streams) {
            this(stages, pairing, judging, PreferenceSettings.DEFAULT, Optional.empty(), streams);
        }

        /// Pairing and judging with the defaults of each.
        public static Settings of(StreamsSettings streams) {
            return new Settings(
                    Set.of(Part.PAIRING, Part.JUDGING),
                    PairingSettings.DEFAULT,
                    JudgingSettings.DEFAULT,
                    streams);
        }
    }

    private final Connection connection;
    private final Codecs codecs;
    private final Judge judge;
    private final WatchedJudging judging;
    private final Intake intake = new Intake();
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
                        connection,
                        connection.group("judge"),
                        settings.streams(),
                        settings.judging().room().fetchedAhead(),
                        intake,
                        atWork -> judging.judging().calls().hold(!atWork));
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

    /// Of parts that ask no judge, or where every pair is left to people.
    public static JudgeStage withoutJudge(Connection connection, Codecs codecs, Settings settings) {
        if (settings.asksJudge()) {
            throw new IllegalArgumentException(
                    "the stage JUDGING needs a judge, unless people label every pair");
        }
        return new JudgeStage(connection, codecs, new NoJudge(), settings);
    }

    /// Blocks until closed.
    ///
    /// @throws IllegalStateException when no constitution is in force, or the application broke
    public void run() {
        StartingPoint.atLogStart(
                connection, connection.group("judge"), JudgeTopology.sources(settings.stages()));
        if (!settings.stages().contains(Part.PREFERENCES)) {
            run(new JudgmentSource(connection, codecs));
            return;
        }
        Connection read = readFrom();
        StartingPoint.atLogStart(
                read, connection.group("judge"), Set.of(Topic.JUDGMENTS, Topic.HUMAN_LABELS));
        try (Codecs readCodecs = new Codecs(read)) {
            run(new JudgmentSource(read, readCodecs));
        }
    }

    private Connection readFrom() {
        return new Connection(
                connection.settings(), settings.readPrefix().orElse(connection.prefix()));
    }

    private void run(JudgmentSource source) {
        if (!settings.asksJudge()) {
            application.run(
                    JudgeTopology.of(
                            connection,
                            codecs,
                            source,
                            judge,
                            judging,
                            new NoConstitutions(),
                            intake,
                            settings));
            return;
        }
        try (var constitutions =
                new ConstitutionFollower(connection, codecs, settings.judging().constitutionId())) {
            application.run(
                    JudgeTopology.of(
                            connection,
                            codecs,
                            source,
                            judge,
                            judging,
                            constitutions,
                            intake,
                            settings));
        }
    }

    /// Ends the run; what is pending is judged after the next start.
    @Override
    public void close() {
        application.stop();
    }
}

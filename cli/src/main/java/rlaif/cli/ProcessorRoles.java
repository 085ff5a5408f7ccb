package rlaif.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;
import rlaif.judging.ScoringJudge;
import rlaif.judging.attack.ShippedTrials;
import rlaif.processors.DirectScoreStage;
import rlaif.processors.DirectScoringSettings;
import rlaif.processors.JudgeStage;
import rlaif.processors.JudgingSettings;
import rlaif.processors.LabelStatsStage;
import rlaif.processors.ReviseStage;
import rlaif.processors.ScoreStage;
import rlaif.processors.ScoringSettings;
import rlaif.processors.StreamsSettings;

/// The stream applications that judge, revise, score and count labels, as the configuration has
/// them.
final class ProcessorRoles {
    private final Configuration configuration;
    private final TrainerSettings settings;
    private final RevisionSettings revisions;
    private final LabelSettings labels;
    private final JudgeSettings judging;

    ProcessorRoles(Configuration configuration) {
        this.configuration = configuration;
        this.settings = new TrainerSettings(configuration);
        this.revisions = new RevisionSettings(configuration);
        this.labels = new LabelSettings(configuration);
        this.judging = new JudgeSettings(configuration);
    }

    /// Where the state of a role lies; it is made once a deployment is open.
    private Path state(String role) {
        return ClusterAccess.dataDirectory(configuration).resolve("state").resolve(role);
    }

    PreparedRole judge() {
        return labels.asksJudge() ? judgeAsked() : judgeless();
    }

    private PreparedRole judgeAsked() {
        PreparedJudge judge = PreparedJudge.of(configuration);
        Optional<String> readPrefix = labels.readPrefix();
        JudgeStage.Settings told =
                judgeStage(judging.judging(judge.constitution().id()), readPrefix);
        var trials = new ShippedTrials(new SuitingCases(configuration, judge.constitution()).all());
        return session -> {
            requireReplaySource(session, readPrefix);
            Deployment deployment = session.deployment();
            deployment.folder("state/judge");
            JudgeConnection connection = session.open(judge);
            JudgeStage stage =
                    Roles.checked(() ->
                            new JudgeStage(
                                    deployment.connection(),
                                    deployment.codecs(),
                                    connection.judge(),
                                    trials,
                                    told,
                                    session.progress()));
            session.watch(
                    Roles.JUDGE,
                    () -> new JudgeStanding(stage.calls(), stage.cacheHits(), stage.canaries()));
            session.start(Roles.JUDGE, stage::run, stage::close);
        };
    }

    /// The judge role where it asks no judge: it labels anew what was judged, or people label
    /// everything.
    private PreparedRole judgeless() {
        Optional<String> readPrefix = labels.readPrefix();
        JudgeStage.Settings told = judgeStage(JudgingSettings.DEFAULT, readPrefix);
        return session -> {
            requireReplaySource(session, readPrefix);
            readPrefix.ifPresent(prefix ->
                    session.progress()
                            .accept(
                                    "no judge is asked: the judgments %s are labelled anew"
                                            .formatted(
                                                    prefix.isEmpty()
                                                            ? "of the topics without a prefix"
                                                            : "below '" + prefix + "'")));
            Deployment deployment = session.deployment();
            deployment.folder("state/judge");
            JudgeStage stage =
                    JudgeStage.withoutJudge(deployment.connection(), deployment.codecs(), told);
            session.start(Roles.JUDGE, stage::run, stage::close);
        };
    }

    private static void requireReplaySource(Session session, Optional<String> readPrefix) {
        readPrefix.ifPresent(
                prefix -> ReplaySource.require(session.deployment().connection(), prefix));
    }

    private JudgeStage.Settings judgeStage(JudgingSettings pairs, Optional<String> readPrefix) {
        return Roles.checked(() ->
                new JudgeStage.Settings(
                        labels.stages(),
                        new GroupPairs(configuration).pairing(),
                        pairs.withLabels(labels.people(), labels.writer()),
                        labels.preferences(),
                        readPrefix,
                        judging.streams(state(Roles.JUDGE))));
    }

    PreparedRole revise() {
        PreparedReviser reviser = PreparedReviser.of(configuration);
        ReviseStage.Settings told =
                Roles.checked(() ->
                        new ReviseStage.Settings(
                                revisions.revise(reviser.constitution().id()),
                                StreamsSettings.in(state(Roles.REVISE))));
        return session -> {
            Deployment deployment = session.deployment();
            deployment.folder("state/revise");
            ReviserConnection connection = session.open(reviser);
            ReviseStage stage =
                    new ReviseStage(
                            deployment.connection(),
                            deployment.codecs(),
                            connection.reviser(),
                            told,
                            session.progress());
            session.watch(Roles.REVISE, () -> JudgeStanding.of(stage.calls()));
            session.start(Roles.REVISE, stage::run, stage::close);
        };
    }

    PreparedRole labelStats() {
        LabelStatsStage.Settings told =
                new StatsSettings(configuration).stage(state(Roles.LABEL_STATS));
        return session -> {
            Deployment deployment = session.deployment();
            deployment.folder("state/label-stats");
            LabelStatsStage stage =
                    new LabelStatsStage(deployment.connection(), deployment.codecs(), told);
            session.lastWork().of(Roles.LABEL_STATS, stage::isTold);
            session.start(Roles.LABEL_STATS, stage::run, stage::close);
        };
    }

    PreparedRole score() {
        return settings.scoresDirectly() ? directScore() : rewardModelScore();
    }

    private PreparedRole directScore() {
        List<String> unread = new UnreadSettings(configuration).ofDirectScoring();
        PreparedJudge judge = PreparedJudge.of(configuration);
        DirectScoringSettings told =
                Roles.checked(() ->
                        new DirectScoringSettings(
                                judge.constitution().id(),
                                configuration.seed(),
                                judging.principles(),
                                judging.calls(),
                                DirectScoringSettings.DEFAULT.timeout()));
        StreamsSettings streams = judging.streams(state(Roles.SCORE));
        return session -> {
            unread.forEach(session.progress());
            Deployment deployment = session.deployment();
            deployment.folder("state/score");
            JudgeConnection connection = session.open(judge);
            ScoringJudge scoring = connection.requireScoringJudge(configuration);
            DirectScoreStage stage =
                    new DirectScoreStage(
                            deployment.connection(),
                            deployment.codecs(),
                            scoring,
                            told,
                            streams,
                            session.progress());
            session.watch(Roles.SCORE, () -> JudgeStanding.of(stage.calls()));
            session.start(Roles.SCORE, stage::run, stage::close);
        };
    }

    private PreparedRole rewardModelScore() {
        ScoreStage.Settings told =
                Roles.checked(() ->
                        new ScoreStage.Settings(
                                configuration.name(Key.POLICY_NAME),
                                settings.threads(),
                                settings.microBatching().maxTokens(),
                                ScoringSettings.DEFAULT,
                                StreamsSettings.in(state(Roles.SCORE))));
        return session -> {
            Deployment deployment = session.deployment();
            deployment.folder("state/score");
            ScoreStage stage =
                    new ScoreStage(
                            deployment.connection(),
                            deployment.codecs(),
                            deployment.checkpoints(),
                            told);
            session.start(Roles.SCORE, stage::run, stage::close);
        };
    }
}

package rlaif.cli;

import java.util.function.Consumer;
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

/// The stream applications that judge, revise, score and count labels, made from a deployment's
/// configuration.
final class ProcessorRoles {
    private final Deployment deployment;
    private final Configuration configuration;
    private final TrainerSettings settings;
    private final RevisionSettings revisions;
    private final LabelSettings labels;

    ProcessorRoles(Deployment deployment) {
        this.deployment = deployment;
        this.configuration = deployment.configuration();
        this.settings = new TrainerSettings(configuration);
        this.revisions = new RevisionSettings(configuration);
        this.labels = new LabelSettings(configuration);
    }

    /// @param notices told, in a line each, when judging pauses and goes on
    JudgeStage judge(JudgeConnection judge, Consumer<String> notices) {
        JudgeSettings chosen = new JudgeSettings(configuration);
        return Roles.checked(() ->
                new JudgeStage(
                        deployment.connection(),
                        deployment.codecs(),
                        judge.judge(),
                        new ShippedTrials(),
                        new JudgeStage.Settings(
                                labels.stages(),
                                new GroupPairs(configuration).pairing(),
                                chosen.judging(judge.constitution().id())
                                        .withLabels(labels.people(), labels.writer()),
                                labels.preferences(),
                                labels.readPrefix(),
                                chosen.streams(deployment.folder("state/judge"))),
                        notices));
    }

    ReviseStage revise(ReviserConnection reviser, Consumer<String> notices) {
        return Roles.checked(() ->
                new ReviseStage(
                        deployment.connection(),
                        deployment.codecs(),
                        reviser.reviser(),
                        new ReviseStage.Settings(
                                revisions.revise(reviser.constitution().id()),
                                StreamsSettings.in(deployment.folder("state/revise"))),
                        notices));
    }

    /// The judge role where it asks no judge: it labels anew what was judged, or people label
    /// everything.
    JudgeStage judgeless() {
        JudgeSettings chosen = new JudgeSettings(configuration);
        return Roles.checked(() ->
                JudgeStage.withoutJudge(
                        deployment.connection(),
                        deployment.codecs(),
                        new JudgeStage.Settings(
                                labels.stages(),
                                new GroupPairs(configuration).pairing(),
                                JudgingSettings.DEFAULT.withLabels(
                                        labels.people(), labels.writer()),
                                labels.preferences(),
                                labels.readPrefix(),
                                chosen.streams(deployment.folder("state/judge")))));
    }

    LabelStatsStage labelStats() {
        return new LabelStatsStage(
                deployment.connection(),
                deployment.codecs(),
                new StatsSettings(configuration).stage(deployment.folder("state/label-stats")));
    }

    DirectScoreStage directScore(JudgeConnection judge, Consumer<String> notices) {
        ScoringJudge scoring = judge.requireScoringJudge(configuration);
        JudgeSettings chosen = new JudgeSettings(configuration);
        return Roles.checked(() ->
                new DirectScoreStage(
                        deployment.connection(),
                        deployment.codecs(),
                        scoring,
                        new DirectScoringSettings(
                                judge.constitution().id(),
                                configuration.seed(),
                                chosen.principles(),
                                chosen.calls(),
                                DirectScoringSettings.DEFAULT.timeout()),
                        chosen.streams(deployment.folder("state/score")),
                        notices));
    }

    ScoreStage score() {
        return Roles.checked(() ->
                new ScoreStage(
                        deployment.connection(),
                        deployment.codecs(),
                        deployment.checkpoints(),
                        new ScoreStage.Settings(
                                configuration.text(Key.POLICY_NAME),
                                settings.threads(),
                                settings.microBatching().maxTokens(),
                                ScoringSettings.DEFAULT,
                                StreamsSettings.in(deployment.folder("state/score")))));
    }
}

package rlaif.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import rlaif.cli.config.Key;
import rlaif.monitor.tensorboard.TensorBoardWriter;
import rlaif.processors.DirectScoreStage;
import rlaif.processors.JudgeStage;
import rlaif.processors.LabelStatsStage;
import rlaif.processors.ReviseStage;
import rlaif.processors.ScoreStage;
import rlaif.producers.LabelProducer;
import rlaif.producers.PromptProducer;
import rlaif.producers.PromptSource;
import rlaif.producers.RolloutProducer;
import rlaif.trainers.DpoTrainer;
import rlaif.trainers.PpoTrainer;
import rlaif.trainers.RevisionTrainer;
import rlaif.trainers.RewardModelTrainer;
import rlaif.trainers.SftTrainer;

/// The roles of one deployment at work in this process, and what they hold open.
final class Session implements AutoCloseable {
    private final Deployment deployment;
    private final ProducerRoles producers;
    private final ProcessorRoles processors;
    private final TrainerRoles trainers;
    private final Consumer<String> progress;
    private final Fleet fleet = new Fleet();
    private final SkippedLines skipped;
    private final Map<String, Supplier<JudgeStanding>> judges = new ConcurrentHashMap<>();
    private final SlCaiProgress slCai = new SlCaiProgress();
    private final AtomicReference<SftStep> sft = new AtomicReference<>(new SftStep(0, 0, 0));
    private Optional<JudgeConnection> judge = Optional.empty();
    private Optional<JudgeConnection> scorer = Optional.empty();
    private Optional<ReviserConnection> reviser = Optional.empty();
    private Optional<PromptSource> source = Optional.empty();

    /// How far SFT has come.
    ///
    /// @param loss nats a token
    record SftStep(long step, long steps, double loss) {}

    Session(Deployment deployment, Consumer<String> progress) {
        this.deployment = deployment;
        this.producers = new ProducerRoles(deployment);
        this.processors = new ProcessorRoles(deployment);
        this.trainers = new TrainerRoles(deployment);
        this.progress = progress;
        this.skipped = new SkippedLines(progress);
    }

    Fleet fleet() {
        return fleet;
    }

    SftStep sft() {
        return sft.get();
    }

    /// How far SFT on revisions has come.
    SlCaiProgress slCai() {
        return slCai;
    }

    /// How the judges, scorers and revisers of this process stand.
    List<JudgeStanding> judges() {
        return judges.values().stream().map(Supplier::get).toList();
    }

    /// The roles that ask nothing more, since a budget is used up and all that was asked is
    /// answered.
    Set<String> heldRoles() {
        Set<String> held = new HashSet<>();
        judges.forEach((role, judge) -> {
            JudgeStanding standing = judge.get();
            if (standing.usedUp().isPresent() && standing.awaited().isEmpty()) {
                held.add(role);
            }
        });
        return held;
    }

    long skippedLines() {
        return skipped.count();
    }

    /// Tells what becomes of settings that nobody reads, and of those that nobody has chosen.
    ///
    /// @param roles that are to be started
    void tellSettings(Collection<String> roles) {
        new UnreadSettings(deployment.configuration()).lines(roles).forEach(progress);
        new LearningRates(deployment.configuration()).lines(roles).forEach(progress);
        if (roles.contains(Roles.TRAIN_SFT)) {
            TrainerRoles.padding(deployment.configuration()).ifPresent(progress);
        }
    }

    /// Writes what trainers measure for TensorBoard, where that is configured.
    void startTensorBoard() {
        deployment
                .configuration()
                .given(Key.TENSORBOARD_DIR)
                .ifPresent(folder -> {
                    TensorBoardWriter writer =
                            new TensorBoardWriter(
                                    deployment.connection(), deployment.codecs(), Path.of(folder));
                    fleet.start("tensorboard", work(writer::run, writer::close));
                });
    }

    /// Starts one role on a thread of its own.
    void start(String role) {
        RoleNotes.write(deployment, role, progress);
        switch (role) {
            case Roles.PROMPTS -> startPrompts();
            case Roles.ROLLOUTS -> startRollouts(true);
            case Roles.REVISE -> startRevise();
            case Roles.JUDGE -> startJudge();
            case Roles.PEOPLE -> {
                LabelProducer people = producers.people();
                fleet.start(role, work(people::run, people::close));
            }
            case Roles.LABEL_STATS -> {
                LabelStatsStage stage = processors.labelStats();
                fleet.start(role, work(stage::run, stage::close));
            }
            case Roles.SCORE -> startScore();
            case Roles.TRAIN_SFT -> fleet.start(role, fineTuning());
            case Roles.TRAIN_REWARD_MODEL -> {
                RewardModelTrainer trainer = trainers.rewardModel();
                fleet.start(role, work(trainer::run, trainer::close));
            }
            case Roles.TRAIN_DPO -> {
                DpoTrainer trainer = trainers.dpo();
                fleet.start(role, work(trainer::run, trainer::close));
            }
            case Roles.TRAIN_PPO -> {
                PpoTrainer trainer = trainers.ppo();
                fleet.start(role, work(trainer::run, trainer::close));
            }
            default -> throw new IllegalArgumentException("no role " + role);
        }
    }

    /// The first policy, and where SL-CAI is wanted, its training on revisions.
    private WorkerThread.Work fineTuning() {
        SftTrainer first =
                trainers.sft((step, steps, loss) -> sft.set(new SftStep(step, steps, loss)));
        Optional<RevisionTrainer> onRevisions = trainers.slCai(slCai);
        return work(
                () -> {
                    first.run();
                    onRevisions.ifPresent(RevisionTrainer::run);
                },
                () -> {
                    first.close();
                    onRevisions.ifPresent(RevisionTrainer::close);
                });
    }

    private void startScore() {
        if (!new TrainerSettings(deployment.configuration()).scoresDirectly()) {
            ScoreStage stage = processors.score();
            fleet.start(Roles.SCORE, work(stage::run, stage::close));
            return;
        }
        new UnreadSettings(deployment.configuration()).ofDirectScoring().forEach(progress);
        JudgeConnection connection = JudgeConnection.open(deployment.configuration(), progress);
        scorer = Optional.of(connection);
        new Constitutions(deployment).configured(connection.constitution()).ifPresent(progress);
        DirectScoreStage stage = processors.directScore(connection, progress);
        judges.put(Roles.SCORE, () -> JudgeStanding.of(stage.calls()));
        fleet.start(Roles.SCORE, work(stage::run, stage::close));
    }

    private void startRevise() {
        ReviserConnection connection = ReviserConnection.open(deployment.configuration(), progress);
        reviser = Optional.of(connection);
        new Constitutions(deployment).configured(connection.constitution()).ifPresent(progress);
        ReviseStage stage = processors.revise(connection, progress);
        judges.put(Roles.REVISE, () -> JudgeStanding.of(stage.calls()));
        fleet.start(Roles.REVISE, work(stage::run, stage::close));
    }

    private void startPrompts() {
        PromptSource prompts = producers.promptSource(skipped);
        source = Optional.of(prompts);
        PromptProducer producer = producers.prompts(prompts);
        fleet.start(Roles.PROMPTS, work(producer::run, producer::close));
    }

    /// Rollout workers that no longer wait for trainers: what was asked is answered, then nothing
    /// is in flight.
    void drainRollouts() {
        fleet.stop(Roles.ROLLOUTS);
        startRollouts(false);
    }

    private void startRollouts(boolean pausing) {
        RolloutProducer producer = producers.rollouts(pausing);
        fleet.start(Roles.ROLLOUTS, work(producer::run, producer::close));
    }

    private void startJudge() {
        LabelSettings labels = new LabelSettings(deployment.configuration());
        labels.readPrefix()
                .ifPresent(prefix -> ReplaySource.require(deployment.connection(), prefix));
        if (!labels.asksJudge()) {
            labels.readPrefix()
                    .ifPresent(prefix ->
                            progress.accept(
                                    "no judge is asked: the judgments %s are labelled anew"
                                            .formatted(
                                                    prefix.isEmpty()
                                                            ? "of the topics without a prefix"
                                                            : "below '" + prefix + "'")));
            JudgeStage stage = processors.judgeless();
            fleet.start(Roles.JUDGE, work(stage::run, stage::close));
            return;
        }
        JudgeConnection connection = JudgeConnection.open(deployment.configuration(), progress);
        judge = Optional.of(connection);
        new Constitutions(deployment).configured(connection.constitution()).ifPresent(progress);
        JudgeStage stage = processors.judge(connection, progress);
        judges.put(
                Roles.JUDGE,
                () -> new JudgeStanding(stage.calls(), stage.cacheHits(), stage.canaries()));
        fleet.start(Roles.JUDGE, work(stage::run, stage::close));
    }

    static WorkerThread.Work work(Running run, Runnable close) {
        return new WorkerThread.Work() {
            @Override
            public void run() throws Exception {
                run.run();
            }

            @Override
            public void close() {
                close.run();
            }
        };
    }

    /// A role's `run` method.
    @FunctionalInterface
    interface Running {
        void run() throws Exception;
    }

    @Override
    public void close() {
        fleet.close();
        judge.ifPresent(JudgeConnection::close);
        scorer.ifPresent(JudgeConnection::close);
        reviser.ifPresent(ReviserConnection::close);
        source.ifPresent(prompts -> {
            try {
                prompts.close();
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        });
    }
}

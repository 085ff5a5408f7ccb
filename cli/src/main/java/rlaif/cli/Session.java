package rlaif.cli;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import rlaif.monitor.tensorboard.TensorBoardWriter;
import rlaif.trainers.SftTrainer;

/// The roles of one deployment at work in this process, and what they hold open.
final class Session implements AutoCloseable {
    private final Deployment deployment;
    private final PreparedRoles roles;
    private final Consumer<String> progress;
    private final Fleet fleet = new Fleet();
    private final SkippedLines skipped;
    private final Map<String, Supplier<JudgeStanding>> judges = new ConcurrentHashMap<>();
    private final SlCaiProgress slCai;
    private final AtomicReference<SftStep> sft = new AtomicReference<>(new SftStep(0, 0, 0));
    private final LastWork lastWork = new LastWork();
    private final List<Closeable> opened = new ArrayList<>();

    /// How far SFT has come.
    ///
    /// @param loss nats a token
    record SftStep(long step, long steps, double loss) {}

    /// @param roles that can be started in it
    Session(Deployment deployment, PreparedRoles roles, Consumer<String> progress) {
        this.deployment = deployment;
        this.roles = roles;
        this.progress = progress;
        this.skipped = new SkippedLines(progress);
        this.slCai = new SlCaiProgress(progress);
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

    /// What the end of a run waits for.
    LastWork lastWork() {
        return lastWork;
    }

    long skippedLines() {
        return skipped.count();
    }

    /// Tells what becomes of settings that do not say it themselves.
    void tellSettings() {
        roles.notices().forEach(progress);
    }

    /// Writes what trainers measure for TensorBoard, where that is configured.
    void startTensorBoard() {
        roles.tensorBoard()
                .ifPresent(folder -> {
                    TensorBoardWriter writer =
                            new TensorBoardWriter(
                                    deployment.connection(), deployment.codecs(), folder);
                    fleet.startWatching("tensorboard", work(writer::run, writer::close));
                });
    }

    /// Starts one of its roles on a thread of its own.
    void start(String role) {
        RoleNotes.write(deployment, role, progress);
        roles.role(role).startIn(this);
    }

    /// Rollout workers that no longer wait for trainers: what was asked is answered, then nothing
    /// is in flight.
    void drainRollouts() {
        fleet.stop(Roles.ROLLOUTS);
        roles.drainingRollouts().startIn(this);
    }

    /// Starts the work of a role that opens itself in this session.
    void start(String role, Running run, Runnable close) {
        fleet.start(role, work(run, close));
    }

    /// Asks the judge's endpoint how it answers; the judge stays open as long as this.
    JudgeConnection open(PreparedJudge judge) {
        JudgeConnection connection = JudgeConnection.open(judge, progress);
        keepOpen(connection::close);
        new Constitutions(deployment).configured(connection.constitution()).ifPresent(progress);
        return connection;
    }

    /// The same of a reviser.
    ReviserConnection open(PreparedReviser reviser) {
        ReviserConnection connection = ReviserConnection.open(reviser, progress);
        keepOpen(connection::close);
        new Constitutions(deployment).configured(reviser.constitution()).ifPresent(progress);
        return connection;
    }

    /// Closes it once no role is at work.
    void keepOpen(Closeable open) {
        opened.add(open);
    }

    /// Has this judge, scorer or reviser be asked how it stands.
    void watch(String role, Supplier<JudgeStanding> standing) {
        judges.put(role, standing);
    }

    Deployment deployment() {
        return deployment;
    }

    Consumer<String> progress() {
        return progress;
    }

    SkippedLines skipped() {
        return skipped;
    }

    SftTrainer.Progress sftProgress() {
        return (step, steps, loss) -> sft.set(new SftStep(step, steps, loss));
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
        for (Closeable open : opened) {
            try {
                open.close();
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
    }
}

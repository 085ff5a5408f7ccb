package rlaif.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;
import rlaif.cli.evaluation.Comparison;
import rlaif.cli.evaluation.Evaluation;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.models.TensorThread;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;
import rlaif.monitor.Audit;
import rlaif.monitor.AuditStage;
import rlaif.monitor.LiveTally;
import rlaif.monitor.StageReport;
import rlaif.monitor.TallySnapshot;
import rlaif.topics.CheckpointFollower;
import rlaif.topics.Topic;
import rlaif.worlds.PracticeWorld;

/// The whole loop on a practice world, from nothing to the named policy version, then measured and
/// audited.
final class Demo {
    private static final String TALLY = "tally";
    private static final String HARMLESS = "harmless-window";
    private static final long EVALUATION_SEED = 20_260_101;

    /// Stages that run empty once no prompt comes; trainers keep what is less than a batch.
    private static final Set<String> DRAINED =
            Set.of(
                    AuditStage.PROMPTS_TO_ROLLOUTS.written(),
                    AuditStage.ROLLOUTS_TO_REVISIONS.written(),
                    AuditStage.ROLLOUTS_TO_PAIRS.written(),
                    AuditStage.PAIRS_TO_JUDGMENTS.written(),
                    AuditStage.JUDGMENTS_TO_PREFERENCES.written(),
                    AuditStage.ROLLOUTS_TO_SCORED_ROLLOUTS.written());

    private final DemoSettings settings;
    private final Configuration configuration;
    private final boolean verbose;
    private final LiveView view;
    private final Path data;
    private final long versions;
    private final TrainerSettings trainers;
    private final PracticeWorld world;
    private DemoState state;

    Demo(DemoSettings settings, DemoState state, boolean verbose, LiveView view) {
        this.settings = settings;
        this.configuration = settings.configuration();
        this.state = state;
        this.verbose = verbose;
        this.view = view;
        this.data = settings.data();
        this.versions = settings.versions();
        this.trainers = new TrainerSettings(configuration);
        this.world = settings.world();
    }

    /// Goes on where an earlier start ended, and returns what the whole gained.
    DemoResult run() throws InterruptedException {
        double before = state.secondsBefore();
        state.save(data);
        try (StopSignal stop = StopSignal.install();
                Deployment deployment = settings.roles().open(verbose, view)) {
            TallySnapshot counted;
            try (Session session = new Session(deployment, settings.roles(), view)) {
                counted = loop(deployment, session, stop, before);
                session.lastWork().await(session.fleet(), stop, view);
            }
            view.accept("the roles have stopped");
            Comparison comparison = evaluate(deployment);
            view.accept("auditing the stream");
            Audit audit = Audits.of(deployment);
            DemoResult result = result(counted, comparison, audit, before + view.seconds());
            state = state.finished(result);
            state.save(data);
            return result;
        }
    }

    /// From nothing, or from where it was, to the last version and an empty stream.
    private TallySnapshot loop(
            Deployment deployment, Session session, StopSignal stop, double before)
            throws InterruptedException {
        LiveTally tally =
                new LiveTally(
                        deployment.connection(),
                        deployment.codecs(),
                        configuration.text(Key.POLICY_NAME));
        HarmlessWindow harmless = new HarmlessWindow(deployment, world);
        session.fleet().start(TALLY, Session.work(tally::run, tally::close));
        session.fleet().start(HARMLESS, harmless);
        session.tellSettings();
        session.startTensorBoard();
        view.accept("training policy 0 on demonstrations of " + world.name());
        boolean reached = AnnouncedVersions.reach(deployment, versions);
        for (String role : settings.roles().names()) {
            if (!role.equals(Roles.PROMPTS) || !reached) {
                session.start(role);
            }
        }
        Standstill standstill = new Standstill(deployment, view);
        while (!session.fleet().ended(trainers.policyTrainer())) {
            watch(session, stop, tally, harmless, standstill, before);
        }
        session.fleet().requireHealthy();
        view.accept(
                "policy version "
                        + versions
                        + " is announced; no more prompts, finishing what is in flight");
        session.fleet().stop(Roles.PROMPTS);
        session.drainRollouts();
        while (inFlight(deployment) > 0) {
            watch(session, stop, tally, harmless, standstill, before);
        }
        return awaitCounted(tally);
    }

    private void watch(
            Session session,
            StopSignal stop,
            LiveTally tally,
            HarmlessWindow harmless,
            Standstill standstill,
            double before)
            throws InterruptedException {
        session.fleet().requireHealthy();
        TallySnapshot now = tally.snapshot();
        double seconds = before + view.seconds();
        RunStatus status = RunStatus.of(configuration, session, now, harmless.share(), seconds);
        view.show(status.block(), status.line());
        keepTimes(now, seconds);
        long work =
                session.sft().step()
                        + session.slCai().revisions()
                        + now.records().values().stream().mapToLong(Long::longValue).sum();
        Optional<Failure> over = standstill.look(work, now.policy().isPresent(), session.judges());
        if (over.isPresent()) {
            throw over.get();
        }
        stop.pause(Duration.ofMillis(250), view);
    }

    private void keepTimes(TallySnapshot now, double seconds) {
        DemoState known = state;
        if (now.policy().isPresent()) {
            known = known.policy0At(seconds);
        }
        if (now.firstLabel().isPresent()) {
            known = known.firstLabelAt(seconds);
        }
        boolean milestone = !known.equals(state);
        if (milestone || seconds - state.secondsBefore() > 2) {
            state = known.spent(seconds);
            state.save(data);
        }
    }

    private static long inFlight(Deployment deployment) {
        LoopStages stages = new LoopStages(deployment.configuration());
        return Audits.of(deployment).stages().stream()
                .filter(stage -> DRAINED.contains(stage.stage()) && stages.areWorked(stage))
                .mapToLong(StageReport::inFlight)
                .sum();
    }

    /// The counts, once the tally has read to the end.
    private static TallySnapshot awaitCounted(LiveTally tally) throws InterruptedException {
        TallySnapshot counted = tally.snapshot();
        while (true) {
            Thread.sleep(600);
            TallySnapshot next = tally.snapshot();
            if (next.records().equals(counted.records())) {
                return next;
            }
            counted = next;
        }
    }

    private Comparison evaluate(Deployment deployment) {
        TensorThread.prepare(Runtime.getRuntime().availableProcessors());
        String policy = configuration.text(Key.POLICY_NAME);
        try (CheckpointFollower follower =
                new CheckpointFollower(deployment.connection(), deployment.codecs())) {
            follower.refresh();
            Path first = folder(deployment, follower, policy, CheckpointRole.POLICY, 0);
            Path last = folder(deployment, follower, policy, CheckpointRole.POLICY, versions);
            try (Tokenizer tokenizer = Tokenizer.load(first);
                    Transformer sft = Transformer.load(first);
                    Transformer aligned = Transformer.load(last)) {
                Evaluation evaluation =
                        new Evaluation(
                                world,
                                tokenizer,
                                settings.sampling(),
                                state.size().heldOutPrompts(),
                                EVALUATION_SEED,
                                view);
                if (trainers.scoresDirectly()) {
                    return evaluation.compare(sft, aligned);
                }
                try (Transformer rewardModel =
                        Transformer.load(rewardModel(deployment, follower, policy))) {
                    return evaluation.compare(sft, aligned, rewardModel);
                }
            }
        }
    }

    private static Path rewardModel(
            Deployment deployment, CheckpointFollower follower, String policy) {
        Checkpoint announced =
                follower.latest(policy, CheckpointRole.REWARD_MODEL)
                        .orElseThrow(() ->
                                new Failure(ExitCode.INTERNAL, "no reward model was announced"));
        return deployment.checkpoints().open(announced.getUri(), announced.getDigest());
    }

    private static Path folder(
            Deployment deployment,
            CheckpointFollower follower,
            String policy,
            CheckpointRole role,
            long version) {
        Checkpoint announced =
                follower.version(policy, role, version)
                        .orElseThrow(() ->
                                new Failure(
                                        ExitCode.INTERNAL,
                                        "version "
                                                + version
                                                + " of "
                                                + policy
                                                + " was never announced"));
        return deployment.checkpoints().open(announced.getUri(), announced.getDigest());
    }

    private DemoResult result(
            TallySnapshot counted, Comparison comparison, Audit audit, double seconds) {
        Double policy0 = state.secondsToPolicy0();
        return new DemoResult(
                world.name(),
                state.seed(),
                state.size().label(),
                comparison.sft(),
                comparison.last(),
                comparison.againstSft(),
                comparison.klNatsPerCompletion(),
                counted.count(Topic.PREFERENCES),
                counted.samePositionRate().isPresent()
                        ? (Double) counted.samePositionRate().getAsDouble()
                        : null,
                counted.abstentions(),
                counted.count(Topic.SCORED_ROLLOUTS),
                comparison.rewardModelAccuracy(),
                comparison.rewardModelAccuracyNow(),
                versions,
                policy0 == null ? seconds : policy0,
                state.secondsToFirstLabel(),
                seconds,
                new DemoResult.AuditTotals(audit.lost(), audit.duplicated()),
                comparison.examples());
    }
}

package rlaif.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;
import rlaif.events.Checkpoint;
import rlaif.monitor.AuditStage;
import rlaif.monitor.LiveTally;
import rlaif.monitor.StageReport;
import rlaif.monitor.TallySnapshot;
import rlaif.topics.Topic;

/// Runs the loop on the configured prompts, policy and judge, in this process.
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Run the loop on your prompts, policy and judge.",
            "It ends after its prompts, unless prompts.follow is true, or after ppo.versions. Exit 6 when lines were skipped or single records refused and all else was done;",
            "rlaif dlq list and dlq show tell which and why. Exit 6 also when a budget is used up: what waits is done",
            "after a start with a higher one; and when SL-CAI has too few revisions for its steps. A judge that is",
            "away is waited for.",
            "rlaif run --settings prints every setting."
        })
final class RunCommand implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();

    @Mixin private TrainingOptions training = new TrainingOptions();

    @Option(names = "--settings", description = "Print every setting with its default, and stop.")
    private boolean settings;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        if (settings) {
            Arrays.stream(Key.values())
                    .forEach(key ->
                            out.printf(
                                    "%-36s %-16s %s%n", key.key(), key.fallback(), key.meaning()));
            out.flush();
            return ExitCode.OK;
        }
        Configuration configuration = training.over(common);
        PreparedRoles roles = PreparedRoles.ofLoop(configuration);
        try (LiveView view = new LiveView(spec.commandLine().getErr(), Terminal.canDraw());
                StopSignal stop = StopSignal.install();
                Deployment deployment = roles.open(common.verbose, view);
                Session session = new Session(deployment, roles, view);
                LiveTally tally =
                        new LiveTally(
                                deployment.connection(),
                                deployment.codecs(),
                                configuration.text(Key.POLICY_NAME))) {
            Run run = new Run(configuration, deployment, session, roles.names(), tally, view, stop);
            Optional<Failure> over = run.run();
            session.lastWork().await(session.fleet(), stop, view);
            TallySnapshot counted = tally.snapshot();
            long skipped = session.skippedLines();
            summary(counted, skipped, out);
            if (over.isPresent()) {
                throw over.get();
            }
            return skipped > 0 || counted.deadLetterCount() > 0 ? ExitCode.PARTIAL : ExitCode.OK;
        }
    }

    private static void summary(TallySnapshot counted, long skipped, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%d prompts, %d rollouts, %d pairs, %d labels, %d abstentions, %d left to people, %d dead letters, %d lines skipped%n",
                counted.count(Topic.PROMPTS),
                counted.count(Topic.ROLLOUTS),
                counted.count(Topic.PAIRS),
                counted.count(Topic.PREFERENCES),
                counted.abstentions(),
                counted.leftToPeople(),
                counted.deadLetterCount(),
                skipped);
        counted.deadLetters()
                .forEach((topic, codes) ->
                        codes.forEach((code, count) ->
                                out.printf(
                                        Locale.ROOT,
                                        "  refused from %s: %d %s%n",
                                        topic.shortName(),
                                        count,
                                        code)));
        out.printf(
                Locale.ROOT,
                "policy version %d%n",
                counted.policy().map(Checkpoint::getVersion).orElse(-1L));
        out.flush();
    }

    /// One run from its start to its end.
    private record Run(
            Configuration configuration,
            Deployment deployment,
            Session session,
            List<String> roles,
            LiveTally tally,
            LiveView view,
            StopSignal stop) {
        private static final int LEFT_OVER_SHARE_PERCENT = 106;

        /// @return why not all was done; empty: it was, but for what was refused
        Optional<Failure> run() throws InterruptedException {
            TrainerSettings trainers = new TrainerSettings(configuration);
            boolean trains = trainers.trainsPolicy();
            session.fleet().start("tally", Session.work(tally::run, tally::close));
            session.tellSettings();
            session.startTensorBoard();
            roles.stream().filter(this::hasWork).forEach(session::start);
            Standstill standstill = new Standstill(deployment, view);
            TrainersAtRest atRest = new TrainersAtRest(configuration);
            int looks = 0;
            boolean draining = false;
            while (true) {
                session.fleet().requireHealthy();
                TallySnapshot now = tally.snapshot();
                show(now);
                boolean promptsEnded = session.fleet().ended(Roles.PROMPTS);
                boolean trained = trains && session.fleet().ended(trainers.policyTrainer());
                if (trained && !promptsEnded) {
                    view.accept("the last policy version is announced; no more prompts");
                    session.fleet().stop(Roles.PROMPTS);
                }
                if (trained && session.fleet().ended(Roles.PROMPTS) && !draining) {
                    draining = true; // nobody takes what the rollout workers would wait for
                    session.drainRollouts();
                }
                boolean rested = atRest.look(now);
                boolean ends = promptsEnded || trained;
                if (ends && looks++ % 4 == 0) {
                    LoopStages stages = new LoopStages(configuration, session.heldRoles());
                    List<StageReport> reports = Audits.of(deployment).stages();
                    if (done(trains, trained || rested, now, stages, reports)) {
                        Thread.sleep(600); // the tally reads the last records
                        if (session.heldRoles().isEmpty()
                                || Audits.of(deployment).stages().equals(reports)) {
                            return heldBack(stages, reports)
                                    .or(() -> unfinishedSlCai(tally.snapshot(), reports))
                                    .or(() ->
                                            trains && !trained
                                                    ? tooFewVersions(tally.snapshot())
                                                    : Optional.empty());
                        }
                    }
                }
                if (ends || isHeldForGood()) {
                    Optional<Failure> over =
                            standstill.look(work(now), now.policy().isPresent(), session.judges());
                    if (over.isPresent()) {
                        return over;
                    }
                }
                stop.pause(Duration.ofMillis(250), view);
            }
        }

        /// Nobody asks anew for a policy that has come to its last version.
        private boolean hasWork(String role) {
            TrainerSettings trainers = new TrainerSettings(configuration);
            OptionalLong last = trainers.lastVersion();
            if (!role.equals(Roles.PROMPTS)
                    || !trainers.trainsPolicy()
                    || last.isEmpty()
                    || !AnnouncedVersions.reach(deployment, last.getAsLong())) {
                return true;
            }
            view.accept(
                    "policy version %d is announced already: no more prompts. Raise ppo.versions to go on"
                            .formatted(last.getAsLong()));
            return false;
        }

        /// Prompts that wait for a role whose budget is used up never end; a followed file may.
        private boolean isHeldForGood() {
            return !configuration.flag(Key.PROMPTS_FOLLOW) && !session.heldRoles().isEmpty();
        }

        private long work(TallySnapshot now) {
            return session.sft().step()
                    + session.slCai().revisions()
                    + now.records().values().stream().mapToLong(Long::longValue).sum();
        }

        /// That the prompts ended before the versions that were asked for; empty: none were.
        private Optional<Failure> tooFewVersions(TallySnapshot now) {
            OptionalLong last = new TrainerSettings(configuration).lastVersion();
            long made = version(now);
            return last.isEmpty() || made >= last.getAsLong()
                    ? Optional.empty()
                    : Optional.of(
                            new Failure(
                                    ExitCode.PARTIAL,
                                    "the prompts ended with policy version %d of %d (ppo.versions): give more prompts or raise prompts.passes, and start again with the same data"
                                            .formatted(made, last.getAsLong())));
        }

        /// That a budget was used up before all was asked; empty: nothing waits for it.
        private Optional<Failure> heldBack(LoopStages stages, List<StageReport> reports) {
            return reports.stream().anyMatch(stage -> stages.isHeld(stage) && stage.inFlight() > 0)
                    ? Standstill.usedUp(session.judges())
                    : Optional.empty();
        }

        /// That SL-CAI ends for want of revisions; empty: it has ended, or is none.
        private Optional<Failure> unfinishedSlCai(TallySnapshot now, List<StageReport> reports) {
            RevisionSettings revisions = new RevisionSettings(configuration);
            return version(now) >= revisions.referenceVersion()
                    ? Optional.empty()
                    : Optional.of(
                            UnfinishedSlCai.of(
                                            revisions.trainer(),
                                            version(now),
                                            session.slCai(),
                                            reports)
                                    .failure());
        }

        private static long version(TallySnapshot now) {
            return now.policy().map(Checkpoint::getVersion).orElse(-1L);
        }

        private void show(TallySnapshot now) {
            RunStatus status =
                    RunStatus.of(
                            configuration, session, now, OptionalDouble.empty(), view.seconds());
            view.show(status.block(), status.line());
        }

        /// Everything asked is revised, labelled and scored, and no trainer has a whole batch
        /// before it.
        private boolean done(
                boolean trains,
                boolean trained,
                TallySnapshot now,
                LoopStages stages,
                List<StageReport> reports) {
            RevisionSettings revisions = new RevisionSettings(configuration);
            boolean begun = version(now) >= revisions.referenceVersion();
            boolean goesOn = trains && !trained && begun;
            for (StageReport stage : reports) {
                long leftOver = stages.areWorked(stage) ? 0 : Long.MAX_VALUE;
                if (stage.stage().equals(AuditStage.REVISIONS_TO_SFT.written())) {
                    leftOver =
                            begun
                                    ? Long.MAX_VALUE
                                    : session.slCai().awaited()
                                            - 1
                                            + session.slCai().leftOut().noLettersYet();
                } else if (stage.stage().equals(AuditStage.SCORED_ROLLOUTS_TO_PPO.written())) {
                    leftOver = goesOn ? configuration.whole(Key.PPO_BATCH, 1) - 1 : Long.MAX_VALUE;
                } else if (stage.stage().equals(AuditStage.PREFERENCES_TO_REWARD_MODEL.written())) {
                    leftOver =
                            goesOn && !new TrainerSettings(configuration).learnsFromLabels()
                                    ? rewardModelLeftOver(stage.out())
                                    : Long.MAX_VALUE;
                } else if (stage.stage().equals(AuditStage.PREFERENCES_TO_DPO.written())) {
                    leftOver = goesOn ? configuration.whole(Key.DPO_BATCH, 1) - 1 : Long.MAX_VALUE;
                }
                if (stages.areWorked(stage) && stage.inFlight() > leftOver) {
                    return false;
                }
            }
            return true;
        }

        private long rewardModelLeftOver(long consumed) {
            int next =
                    configuration.whole(
                            consumed == 0
                                    ? Key.REWARD_MODEL_WARMUP
                                    : Key.REWARD_MODEL_PER_CHECKPOINT,
                            1);
            return (long) next * LEFT_OVER_SHARE_PERCENT / 100;
        }
    }
}

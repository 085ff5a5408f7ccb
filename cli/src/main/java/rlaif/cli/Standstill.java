package rlaif.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import rlaif.monitor.Audit;
import rlaif.monitor.AuditStage;
import rlaif.monitor.StageReport;

/// A watch on whether anything still happens, and on which stage it is that does not.
final class Standstill {
    private static final Duration LONGEST = Duration.ofMinutes(2);

    /// The role whose work a stage is.
    static final Map<String, String> ROLES =
            Map.ofEntries(
                    Map.entry(AuditStage.PROMPTS_TO_ROLLOUTS.written(), Roles.ROLLOUTS),
                    Map.entry(AuditStage.ROLLOUTS_TO_REVISIONS.written(), Roles.REVISE),
                    Map.entry(AuditStage.REVISIONS_TO_SFT.written(), Roles.TRAIN_SFT),
                    Map.entry(AuditStage.ROLLOUTS_TO_PAIRS.written(), Roles.JUDGE),
                    Map.entry(AuditStage.PAIRS_TO_JUDGMENTS.written(), Roles.JUDGE),
                    Map.entry(AuditStage.JUDGMENTS_TO_PREFERENCES.written(), Roles.JUDGE),
                    Map.entry(AuditStage.HUMAN_LABELS_TO_PREFERENCES.written(), Roles.JUDGE),
                    Map.entry(
                            AuditStage.PREFERENCES_TO_REWARD_MODEL.written(),
                            Roles.TRAIN_REWARD_MODEL),
                    Map.entry(AuditStage.ROLLOUTS_TO_SCORED_ROLLOUTS.written(), Roles.SCORE),
                    Map.entry(AuditStage.PREFERENCES_TO_DPO.written(), Roles.TRAIN_DPO),
                    Map.entry(AuditStage.SCORED_ROLLOUTS_TO_PPO.written(), Roles.TRAIN_PPO));

    private final InstantSource clock;
    private final Supplier<String> culprit;
    private final Path log;
    private final Consumer<String> notices;
    private long progress = -1;
    private Instant since;
    private Instant noticed;

    /// @param culprit names the role whose work stands still
    /// @param log where that role may have said why
    /// @param notices told from time to time what is waited for
    Standstill(InstantSource clock, Supplier<String> culprit, Path log, Consumer<String> notices) {
        this.clock = clock;
        this.culprit = culprit;
        this.log = log;
        this.notices = notices;
        this.since = clock.instant();
        this.noticed = since;
    }

    Standstill(Deployment deployment, Consumer<String> notices) {
        this(
                InstantSource.system(),
                () -> culprit(Audits.of(deployment)),
                deployment.data().resolve("logs/rlaif.log"),
                notices);
    }

    /// Looks once. Time counts while `progress` stays the same and no endpoint is waited for that
    /// is away, is to be asked again, or has calls to answer.
    ///
    /// @param progress any number that changes with every piece of work
    /// @param policyAnnounced whether there is a policy, without which nothing else begins
    /// @param judges how the judges, scorers and revisers stand
    /// @return why the run is over, once two minutes have counted: a budget is used up, or a stage
    ///   stands still; empty: it goes on
    Optional<Failure> look(long progress, boolean policyAnnounced, List<JudgeStanding> judges) {
        Instant now = clock.instant();
        if (progress != this.progress) {
            this.progress = progress;
            since = now;
            noticed = now;
        }
        Optional<String> awaited =
                judges.stream().flatMap(judge -> judge.awaited().stream()).findFirst();
        if (awaited.isPresent()) {
            since = now;
            if (isLong(noticed, now)) {
                noticed = now;
                notices.accept("waiting: " + awaited.get());
            }
        }
        return isLong(since, now) ? Optional.of(over(policyAnnounced, judges)) : Optional.empty();
    }

    private static boolean isLong(Instant from, Instant to) {
        return Duration.between(from, to).compareTo(LONGEST) > 0;
    }

    private Failure over(boolean policyAnnounced, List<JudgeStanding> judges) {
        return usedUp(judges)
                .orElseGet(() ->
                        new Failure(
                                ExitCode.INTERNAL,
                                "nothing has progressed for %d s; it stands still at %s: see %s"
                                        .formatted(
                                                LONGEST.toSeconds(),
                                                policyAnnounced ? culprit.get() : Roles.TRAIN_SFT,
                                                log)));
    }

    /// That a budget is used up; empty: none is.
    static Optional<Failure> usedUp(List<JudgeStanding> judges) {
        return judges.stream()
                .flatMap(judge -> judge.usedUp().stream())
                .findFirst()
                .map(why ->
                        new Failure(
                                ExitCode.PARTIAL,
                                why + "; started again with a higher one, it goes on"));
    }

    /// Waiting spreads upstream, so the last stage that has work before it is the one; what a
    /// trainer leaves for its next batch is no such work.
    static String culprit(Audit audit) {
        String culprit = Roles.PROMPTS;
        for (StageReport stage : audit.stages()) {
            boolean trainer = stage.stage().endsWith("steps");
            if (stage.inFlight() > (trainer ? stage.out() / 4 : 0)) {
                culprit = ROLES.getOrDefault(stage.stage(), stage.stage());
            }
        }
        return culprit;
    }
}

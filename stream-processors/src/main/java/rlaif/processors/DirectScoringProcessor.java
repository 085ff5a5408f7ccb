package rlaif.processors;

import static rlaif.processors.RefusedRecordException.CONSTITUTION_LOST;
import static rlaif.processors.RefusedRecordException.GROUP_INCOMPLETE;
import static rlaif.processors.RefusedRecordException.NOT_SCORABLE;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import rlaif.events.Rollout;
import rlaif.events.ScoredRollout;
import rlaif.judging.CompletionScoring;
import rlaif.judging.Constitution;
import rlaif.judging.PrincipleDraw;
import rlaif.judging.ScoredCompletion;
import rlaif.judging.ScoringJudge;
import rlaif.judging.limits.Spent;
import rlaif.processors.OutstandingScores.StampedGroup;
import rlaif.topics.ClusterUnreachableException;
import rlaif.topics.Codec;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.DeadLetters;
import rlaif.topics.Topic;
import rlaif.topics.UnreadableRecordException;

/// Rollouts in, rollouts scored by the judge itself out (d-RLAIF), without the stream thread
/// waiting on the judge.
///
/// A complete group is stamped with its principle and stored, then its completions are scored on
/// virtual threads; its scores leave together, inside the task's transaction. A group of which one
/// completion cannot be scored is refused as a whole: PPO learns from whole groups.
final class DirectScoringProcessor extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
    static final String NAME = "direct-scoring";
    static final String STORE = ScoringProcessor.STORE;
    static final String STAMPS = "scoring-stamps";
    static final String SPENT = "scoring-spent";
    static final String SCORED = "scored-rollouts-out";
    static final String REFUSED = "scoring-refused";

    private static final Duration DRAIN_INTERVAL = Duration.ofMillis(20);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private final ScoringJudge judge;
    private final CompletionScoring scoring;
    private final ConstitutionSource constitutions;
    private final Intake intake;
    private final DirectScoringSettings settings;
    private final Refusals refusals;
    private final Codec<Rollout> rollouts;
    private final Codec<ScoredRollout> scoredRollouts;
    private final String topic;
    private @Nullable Work work;
    private Duration waitLeft = LONGEST_WAIT;

    /// What is under way between `init` and `close`.
    private record Work(
            WaitingGroups groups,
            GroupStamps stamps,
            OutstandingScores outstanding,
            SpentStore spent,
            TopicPartition source) {}

    /// @param scoring shared by all tasks of the process
    DirectScoringProcessor(
            Connection connection,
            Codecs codecs,
            ScoringJudge judge,
            CompletionScoring scoring,
            ConstitutionSource constitutions,
            Intake intake,
            DirectScoringSettings settings) {
        this.judge = judge;
        this.scoring = scoring;
        this.constitutions = constitutions;
        this.intake = intake;
        this.settings = settings;
        this.refusals = new Refusals(connection, Topic.ROLLOUTS, NAME);
        this.rollouts = codecs.codec(Topic.ROLLOUTS);
        this.scoredRollouts = codecs.codec(Topic.SCORED_ROLLOUTS);
        this.topic = connection.name(Topic.ROLLOUTS);
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> opened) {
        super.init(opened);
        var waiting =
                new WaitingGroups(
                        opened.getStateStore(STORE), rollouts, opened.currentSystemTimeMs());
        SpentStore spent = new SpentStore(opened.getStateStore(SPENT));
        work =
                new Work(
                        waiting,
                        new GroupStamps(opened.getStateStore(STAMPS)),
                        new OutstandingScores(scoring),
                        spent,
                        new TopicPartition(topic, opened.taskId().partition()));
        scoring.calls().addSpent(spent.spent());
        waitLeft = LONGEST_WAIT;
        waiting.all().stream().filter(RolloutGroup::isComplete).forEach(this::begin);
        opened.schedule(
                DRAIN_INTERVAL,
                PunctuationType.WALL_CLOCK_TIME,
                _ -> {
                    waitLeft = LONGEST_WAIT;
                    drain();
                    holdOrRelease();
                });
        opened.schedule(
                Duration.ofMillis(Math.clamp(settings.timeout().toMillis() / 20, 20, 30_000)),
                PunctuationType.WALL_CLOCK_TIME,
                now -> {
                    if (intake.holds(work().source())) {
                        waiting.waitAnew(now);
                    } else {
                        waiting.overdue(now, settings.timeout()).forEach(this::giveUp);
                    }
                });
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        drain();
        if (!DeadLetters.isFor(record.headers(), NAME)) {
            return;
        }
        SourceRecord source = SourceRecord.of(context(), record);
        try {
            Rollout rollout = rollouts.decode(record.value());
            if (!work().outstanding().contains(rollout.getGroupId())) {
                work().groups()
                        .add(rollout, source, context().currentSystemTimeMs())
                        .ifPresent(this::begin);
            }
        } catch (RefusedRecordException | UnreadableRecordException e) {
            context().forward(refusals.deadLetter(source, 0, e), REFUSED);
        }
        waitForRoom();
        holdOrRelease();
    }

    /// No more rollouts are fetched while enough are outstanding, or while the judge is away or its
    /// budget used up, as long as one is outstanding that will find out when that ends.
    private void holdOrRelease() {
        OutstandingScores under = work().outstanding();
        intake.hold(
                work().source(),
                under.rollouts() >= settings.holdFrom()
                        || under.bytes() >= Intake.HOLD_FROM_BYTES
                        || (under.rollouts() > 0 && scoring.calls().pause().isPresent()));
    }

    private void begin(RolloutGroup group) {
        try {
            group.requireConsistent();
        } catch (RefusedRecordException e) {
            refuse(group, 0, e);
            return;
        }
        Stamp stamp =
                work().stamps()
                        .of(group)
                        .map(stored -> stored.withTemplate(judge.templateHash()))
                        .orElseGet(() -> stamp(group, constitutions.active()));
        work().stamps().put(group, stamp, context().currentSystemTimeMs());
        StampedGroup stamped = new StampedGroup(group, stamp);
        constitutions
                .version(stamp.constitutionId(), stamp.constitutionVersion())
                .flatMap(c -> PrincipleDraw.named(c, stamp.principle()))
                .ifPresentOrElse(
                        principle -> work().outstanding().submit(stamped, principle),
                        () -> work().outstanding().fail(stamped, constitutionLost(stamp)));
    }

    private Stamp stamp(RolloutGroup group, Constitution constitution) {
        return Stamp.of(
                constitution,
                settings.principles().of(constitution, group.id(), settings.drawSeed()),
                settings.drawSeed(),
                judge.templateHash());
    }

    private static RefusedRecordException constitutionLost(Stamp stamp) {
        return new RefusedRecordException(
                CONSTITUTION_LOST,
                "constitution '%s' version %d with principle '%s' is no longer on its topic; publish it again"
                        .formatted(
                                stamp.constitutionId(),
                                stamp.constitutionVersion(),
                                stamp.principle()));
    }

    private void waitForRoom() {
        while (work().outstanding().rollouts() >= settings.maxOutstanding()
                && waitLeft.isPositive()) {
            long started = System.nanoTime();
            try {
                work().outstanding().poll(waitLeft).ifPresent(this::forward);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            waitLeft = waitLeft.minusNanos(System.nanoTime() - started);
        }
    }

    private void drain() {
        for (Optional<OutstandingScores.Result> result = work().outstanding().poll();
                result.isPresent();
                result = work().outstanding().poll()) {
            forward(result.get());
        }
    }

    /// Forwards what came of one group, all of it or its dead letters.
    private void forward(OutstandingScores.Result result) {
        RolloutGroup group = result.group().group();
        switch (result) {
            case OutstandingScores.Result.Broken(var _, RuntimeException cause) ->
                    refuse(group, 0, cause);
            case OutstandingScores.Result.Scored(StampedGroup stamped, var scores) -> {
                work().spent()
                        .add(
                                scores.stream()
                                        .map(ScoredCompletion::spent)
                                        .reduce(Spent.NOTHING, Spent::plus));
                Optional<Refused> refused =
                        scores.stream().flatMap(s -> refused(s).stream()).findFirst();
                if (refused.isPresent()) {
                    refuse(group, refused.get().attempts(), refused.get().cause());
                } else {
                    forward(stamped, scores);
                }
            }
        }
    }

    private record Refused(int attempts, RefusedRecordException cause) {}

    private Optional<Refused> refused(ScoredCompletion scored) {
        return switch (scored) {
            case ScoredCompletion.Scored _ -> Optional.empty();
            case ScoredCompletion.Unreadable(double mass, int attempts, Spent _) ->
                    Optional.of(
                            new Refused(
                                    attempts,
                                    new RefusedRecordException(
                                            NOT_SCORABLE,
                                            "judge '%s': the ten scores cover %.3f of its probability"
                                                    .formatted(judge.name(), mass))));
            case ScoredCompletion.Failed(String cause, int attempts, var failure, var _) ->
                    Optional.of(
                            new Refused(
                                    attempts,
                                    new RefusedRecordException(
                                            RefusedRecordException.codeOf(failure),
                                            "judge '%s': %s".formatted(judge.name(), cause))));
        };
    }

    private void forward(StampedGroup stamped, List<ScoredCompletion> scores) {
        List<Record<byte[], byte[]>> made = new ArrayList<>();
        try {
            for (int i = 0; i < scores.size(); i++) {
                if (scores.get(i) instanceof ScoredCompletion.Scored scored) {
                    made.add(record(stamped.group().members().get(i), stamped.stamp(), scored));
                }
            }
        } catch (ClusterUnreachableException e) {
            throw e;
        } catch (RuntimeException e) {
            refuse(stamped.group(), 0, e);
            return;
        }
        made.forEach(scored -> context().forward(scored, SCORED));
        remove(stamped.group());
    }

    private Record<byte[], byte[]> record(
            WaitingRollout member, Stamp stamp, ScoredCompletion.Scored scored) {
        ScoredRollout record =
                ScoredRecords.of(member.rollout())
                        .setScorer(judge.name())
                        .setScorerVersion(stamp.constitutionVersion())
                        .setPrinciple(stamp.principle())
                        .setConstitutionId(stamp.constitutionId())
                        .setTemplateHash(stamp.templateHash())
                        .setRawScore(scored.score())
                        .setScore(scored.reward())
                        .build();
        return new Record<>(
                member.rollout().getPromptId().getBytes(StandardCharsets.UTF_8),
                scoredRollouts.encode(record),
                Math.max(0, member.source().timestamp()));
    }

    private void giveUp(RolloutGroup group) {
        refuse(
                group,
                0,
                new RefusedRecordException(
                        GROUP_INCOMPLETE,
                        "group %s has %d of %d rollouts after %s"
                                .formatted(
                                        group.id(),
                                        group.members().size(),
                                        group.rollouts().getFirst().getGroupSize(),
                                        settings.timeout())));
    }

    private void refuse(RolloutGroup group, int attempts, RuntimeException cause) {
        group.members()
                .forEach(member ->
                        context()
                                .forward(
                                        refusals.deadLetter(member.source(), attempts, cause),
                                        REFUSED));
        remove(group);
    }

    private void remove(RolloutGroup group) {
        work().groups().remove(group);
        work().stamps().remove(group);
    }

    private Work work() {
        return Objects.requireNonNull(work, "not initialised");
    }

    @Override
    public void close() {
        if (work != null) {
            work.outstanding().close();
            intake.hold(work.source(), false);
            scoring.calls().addSpent(Spent.NOTHING.minus(work.spent().spent()));
            work = null;
        }
    }
}

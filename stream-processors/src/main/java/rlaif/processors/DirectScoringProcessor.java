package rlaif.processors;

import static rlaif.processors.RefusedRecordException.NOT_SCORABLE;

import java.nio.charset.StandardCharsets;
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
import rlaif.judging.Principle;
import rlaif.judging.ScoredCompletion;
import rlaif.judging.ScoringJudge;
import rlaif.judging.limits.Spent;
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

    /// What is under way between `init` and `close`.
    private record Work(
            WaitingGroups groups,
            GroupStamps stamps,
            Outstanding<StampedGroup, List<ScoredCompletion>> outstanding,
            AskingTask<StampedGroup, List<ScoredCompletion>> task) {}

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
        Outstanding<StampedGroup, List<ScoredCompletion>> outstanding =
                new Outstanding<>("scoring", "score-");
        work =
                new Work(
                        waiting,
                        new GroupStamps(opened.getStateStore(STAMPS)),
                        outstanding,
                        new AskingTask<>(
                                outstanding,
                                settings.room(),
                                scoring.calls(),
                                new SpentStore(opened.getStateStore(SPENT)),
                                intake,
                                new TopicPartition(topic, opened.taskId().partition()),
                                DirectScoringProcessor::spentOn,
                                this::takeUp));
        waiting.all().stream().filter(RolloutGroup::isComplete).forEach(this::begin);
        work().task().schedule(opened);
        opened.schedule(
                WaitingGroups.scanInterval(settings.timeout()),
                PunctuationType.WALL_CLOCK_TIME,
                now -> {
                    if (work().task().isHeld()) {
                        waiting.waitAnew(now);
                    } else {
                        waiting.overdue(now, settings.timeout()).forEach(this::giveUp);
                    }
                });
    }

    private static Spent spentOn(List<ScoredCompletion> scores) {
        return scores.stream().map(ScoredCompletion::spent).reduce(Spent.NOTHING, Spent::plus);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        work().task().takeUp();
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
        work().task().makeRoom();
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
        try {
            Principle principle = constitutions.principle(stamp);
            work().outstanding().submit(stamped, new GroupScoring(scoring, group, principle));
        } catch (RefusedRecordException lost) {
            work().outstanding().fail(stamped, lost);
        }
    }

    private Stamp stamp(RolloutGroup group, Constitution constitution) {
        return Stamp.of(
                constitution,
                settings.principles().of(constitution, group.id(), settings.drawSeed()),
                settings.drawSeed(),
                judge.templateHash());
    }

    /// Forwards what came of one group, all of it or its dead letters.
    private void takeUp(Outstanding.Result<StampedGroup, List<ScoredCompletion>> result) {
        switch (result) {
            case Outstanding.Result.Broken(StampedGroup stamped, RuntimeException cause) ->
                    refuse(stamped.group(), 0, cause);
            case Outstanding.Result.Done(StampedGroup stamped, List<ScoredCompletion> scores) ->
                    scores.stream()
                            .flatMap(scored -> refused(scored).stream())
                            .findFirst()
                            .ifPresentOrElse(
                                    refused ->
                                            refuse(
                                                    stamped.group(),
                                                    refused.attempts(),
                                                    refused.cause()),
                                    () -> forward(stamped, scores));
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
        refuse(group, 0, group.incomplete(settings.timeout()));
    }

    private void refuse(RolloutGroup group, int attempts, RuntimeException cause) {
        refusals.deadLetters(group, attempts, cause)
                .forEach(letter -> context().forward(letter, REFUSED));
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
            work.task().close();
            work = null;
        }
    }
}

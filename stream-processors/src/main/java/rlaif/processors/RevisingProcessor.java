package rlaif.processors;

import static rlaif.processors.RefusedRecordException.INVALID;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rlaif.events.Revision;
import rlaif.events.Rollout;
import rlaif.judging.JudgeCalls;
import rlaif.judging.Principle;
import rlaif.judging.revision.CompletionToRevise;
import rlaif.judging.revision.RevisedRound;
import rlaif.judging.revision.Reviser;
import rlaif.judging.revision.RoundOfRevision;
import rlaif.topics.ClusterUnreachableException;
import rlaif.topics.Codec;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.DeadLetters;
import rlaif.topics.OversizedRecordException;
import rlaif.topics.Topic;
import rlaif.topics.UnreadableRecordException;

/// Rollouts in, revisions out, without the stream thread waiting on a model.
///
/// As the judging processor does it: a rollout is stamped and stored as pending, its rounds run on
/// virtual threads, results are taken up on the stream thread inside the task's transaction. Each
/// round that is done is stored, so that a restart goes on after it.
final class RevisingProcessor extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
    static final String NAME = "revising";
    static final String STORE = "revising-pending";
    static final String SPENT = "revising-spent";
    static final String REVISIONS = "revisions-out";
    static final String REFUSED = "revising-refused";

    private static final Logger LOG = LoggerFactory.getLogger(RevisingProcessor.class);

    private final ReviseSettings settings;
    private final ConstitutionSource constitutions;
    private final Refusals refusals;
    private final RevisionRecords records;
    private final RoundOutcomes outcomes;
    private final Codec<Rollout> rollouts;
    private final Codec<Revision> revisions;
    private final JudgeCalls calls;
    private final RoundOfRevision rounds;
    private final Intake intake;
    private final String topic;
    private @Nullable Work work;

    /// What is under way between `init` and `close`.
    private record Work(
            PendingRevisions pending,
            Outstanding<PendingRevision, RevisedRound> outstanding,
            AskingTask<PendingRevision, RevisedRound> task) {}

    /// @param calls shared by all tasks of the process
    RevisingProcessor(
            Connection connection,
            Codecs codecs,
            Reviser reviser,
            JudgeCalls calls,
            ConstitutionSource constitutions,
            Intake intake,
            ReviseSettings settings) {
        this.settings = settings;
        this.constitutions = constitutions;
        this.refusals = new Refusals(connection, Topic.ROLLOUTS, NAME);
        this.records = new RevisionRecords(reviser, settings.drawSeed());
        this.rollouts = codecs.codec(Topic.ROLLOUTS);
        this.revisions = codecs.codec(Topic.REVISIONS);
        this.outcomes = new RoundOutcomes(reviser, records, revisions, constitutions);
        this.calls = calls;
        this.rounds = new RoundOfRevision(reviser, calls);
        this.intake = intake;
        this.topic = connection.name(Topic.ROLLOUTS);
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> opened) {
        super.init(opened);
        Outstanding<PendingRevision, RevisedRound> outstanding = new Outstanding<>(NAME, "revise-");
        work =
                new Work(
                        new PendingRevisions(opened.getStateStore(STORE), rollouts, revisions),
                        outstanding,
                        new AskingTask<>(
                                outstanding,
                                settings.room(),
                                calls,
                                new SpentStore(opened.getStateStore(SPENT)),
                                intake,
                                new TopicPartition(topic, opened.taskId().partition()),
                                RevisedRound::spent,
                                this::takeUp));
        pending().all().forEach(this::submitAgain);
        current().task().schedule(opened);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        current().task().takeUp();
        if (!DeadLetters.isFor(record.headers(), NAME)) {
            return;
        }
        SourceRecord source = SourceRecord.of(context(), record);
        try {
            Rollout rollout = rollouts.decode(record.value());
            requireValid(rollout);
            if (settings.selection().selects(rollout) && !outstanding().contains(rollout.getId())) {
                accept(rollout, source);
            }
        } catch (RefusedRecordException | UnreadableRecordException | OversizedRecordException e) {
            context().forward(refusals.deadLetter(source, 0, e), REFUSED);
        }
        current().task().makeRoom();
    }

    private void accept(Rollout rollout, SourceRecord source) {
        PendingRevision accepted =
                new PendingRevision(
                        rollout,
                        source,
                        records.begin(rollout, constitutions.active()),
                        settings.rounds());
        pending().put(accepted, context().currentSystemTimeMs());
        submit(accepted);
    }

    /// A rollout that a former life of this task left pending goes on after its last round; where
    /// its reviser or templates are gone since, it begins anew with today's, since a revision names
    /// one of each.
    private void submitAgain(PendingRevision restored) {
        if (records.isStampOf(restored.begun())) {
            submit(restored);
            return;
        }
        LOG.warn(
                "the revision of rollout {} began with reviser {} and templates {}, which are gone; it begins anew",
                restored.rollout().getId(),
                restored.begun().getReviser(),
                restored.begun().getTemplateHash());
        PendingRevision anew =
                new PendingRevision(
                        restored.rollout(),
                        restored.source(),
                        records.begin(
                                restored.rollout(),
                                constitutions
                                        .version(
                                                restored.begun().getConstitutionId(),
                                                restored.begun().getConstitutionVersion())
                                        .orElseGet(constitutions::active)),
                        restored.rounds());
        submit(anew);
    }

    private void submit(PendingRevision accepted) {
        Principle principle;
        try {
            principle = accepted.principle(constitutions);
        } catch (RefusedRecordException lost) {
            outstanding().fail(accepted, lost);
            return;
        }
        CompletionToRevise asked =
                new CompletionToRevise(
                        accepted.rollout().getId(),
                        accepted.nextRound(),
                        principle,
                        accepted.rollout().getPrompt(),
                        accepted.completion());
        outstanding().submit(accepted, () -> rounds.run(asked));
    }

    /// Stores a round that is done and asks for the next, or forwards what came of the rollout.
    /// Records are made before anything is forwarded, so that a failure to make them refuses this
    /// rollout, whichever record is being processed.
    private void takeUp(Outstanding.Result<PendingRevision, RevisedRound> result) {
        PendingRevision before = result.item();
        RoundOutcome outcome;
        try {
            outcome = outcome(result);
        } catch (ClusterUnreachableException e) {
            throw e;
        } catch (RuntimeException e) {
            outcome = new RoundOutcome.Refused(0, e);
        }
        switch (outcome) {
            case RoundOutcome.Continued(PendingRevision next) -> {
                pending().put(next, context().currentSystemTimeMs());
                submit(next);
            }
            case RoundOutcome.Revised(byte[] revision) -> {
                byte[] key = before.rollout().getPromptId().getBytes(StandardCharsets.UTF_8);
                long timestamp = Math.max(0, before.source().timestamp());
                context().forward(new Record<>(key, revision, timestamp), REVISIONS);
                pending().remove(before);
            }
            case RoundOutcome.Refused(int attempts, RuntimeException cause) -> {
                context().forward(refusals.deadLetter(before.source(), attempts, cause), REFUSED);
                pending().remove(before);
            }
        }
    }

    private RoundOutcome outcome(Outstanding.Result<PendingRevision, RevisedRound> result) {
        return switch (result) {
            case Outstanding.Result.Broken(var _, RuntimeException cause) ->
                    new RoundOutcome.Refused(0, cause);
            case Outstanding.Result.Done(PendingRevision before, RevisedRound round) ->
                    outcomes.of(before, round);
        };
    }

    private static void requireValid(Rollout rollout) {
        if (rollout.getId().isEmpty() || rollout.getPromptId().isEmpty()) {
            throw new RefusedRecordException(
                    INVALID,
                    "a rollout needs id and prompt id, got '%s' and '%s'"
                            .formatted(rollout.getId(), rollout.getPromptId()));
        }
    }

    private Work current() {
        return Objects.requireNonNull(work, "not initialised");
    }

    private PendingRevisions pending() {
        return current().pending();
    }

    private Outstanding<PendingRevision, RevisedRound> outstanding() {
        return current().outstanding();
    }

    @Override
    public void close() {
        if (work != null) {
            work.task().close();
            work = null;
        }
    }
}

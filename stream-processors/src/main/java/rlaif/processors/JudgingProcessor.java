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
import rlaif.events.Pair;
import rlaif.judging.Constitution;
import rlaif.judging.Judge;
import rlaif.judging.PairToJudge;
import rlaif.judging.Principle;
import rlaif.judging.WatchedJudging;
import rlaif.judging.limits.Spent;
import rlaif.topics.ClusterUnreachableException;
import rlaif.topics.Codec;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.OversizedRecordException;
import rlaif.topics.Topic;
import rlaif.topics.UnreadableRecordException;

/// Pairs in, judgments and preferences out, without the stream thread waiting on a judge.
///
/// A pair is stamped and stored as pending, then judged on a virtual thread; what comes of it is
/// forwarded inside the task's transaction ({@link AskingTask}). After a restart everything that is
/// still pending is submitted again under its stamp.
final class JudgingProcessor extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
    static final String NAME = "judging";
    static final String STORE = "judging-pending";
    static final String SPENT = "judging-spent";
    static final String JUDGMENTS = "judgments-out";
    static final String PREFERENCES = "preferences-out";
    static final String REFUSED = "judging-refused";

    private static final Logger LOG = LoggerFactory.getLogger(JudgingProcessor.class);

    private final Judge judge;
    private final JudgingSettings settings;
    private final ConstitutionSource constitutions;
    private final Refusals refusals;
    private final PairOutcomes outcomes;
    private final Codec<Pair> pairs;
    private final WatchedJudging judging;
    private final Intake intake;
    private final String topic;
    private @Nullable Work work;

    /// What is under way between `init` and `close`; a task that is suspended and resumed begins
    /// with nothing but its store.
    private record Work(
            PendingPairs pending,
            Outstanding<PendingPair, Opinion> outstanding,
            AskingTask<PendingPair, Opinion> task) {}

    /// What came of a pair that was outstanding.
    private sealed interface Opinion {
        record Given(WatchedJudging.Watched watched) implements Opinion {}

        /// Nobody asks the judge about it any more.
        record Unasked() implements Opinion {}
    }

    /// @param judging shared by all tasks of the process
    JudgingProcessor(
            Connection connection,
            Codecs codecs,
            Judge judge,
            WatchedJudging judging,
            ConstitutionSource constitutions,
            Intake intake,
            JudgingSettings settings) {
        this.judge = judge;
        this.intake = intake;
        this.topic = connection.name(Topic.PAIRS);
        this.settings = settings;
        this.constitutions = constitutions;
        this.refusals = new Refusals(connection, Topic.PAIRS, NAME);
        this.outcomes = new PairOutcomes(codecs, judge, settings);
        this.pairs = codecs.codec(Topic.PAIRS);
        this.judging = judging;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> opened) {
        super.init(opened);
        Outstanding<PendingPair, Opinion> outstanding = new Outstanding<>(NAME, "judge-");
        work =
                new Work(
                        new PendingPairs(opened.getStateStore(STORE), pairs),
                        outstanding,
                        new AskingTask<>(
                                outstanding,
                                settings.room(),
                                judging.judging().calls(),
                                new SpentStore(opened.getStateStore(SPENT)),
                                intake,
                                new TopicPartition(topic, opened.taskId().partition()),
                                JudgingProcessor::spentOn,
                                this::takeUp));
        pending().all().forEach(this::submitAgain);
        current().task().schedule(opened);
    }

    private static Spent spentOn(Opinion opinion) {
        return switch (opinion) {
            case Opinion.Given(WatchedJudging.Watched watched) -> watched.spent();
            case Opinion.Unasked _ -> Spent.NOTHING;
        };
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        current().task().takeUp();
        SourceRecord source = SourceRecord.of(context(), record);
        try {
            Pair pair = pairs.decode(record.value());
            requireValid(pair);
            if (isUnasked(pair)) {
                context().forward(record.withValue(outcomes.unasked(pair).judgment()), JUDGMENTS);
            } else if (!outstanding().contains(pair.getId())) {
                accept(pair, source);
            }
        } catch (RefusedRecordException | UnreadableRecordException | OversizedRecordException e) {
            context().forward(refusals.deadLetter(source, 0, e), REFUSED);
        }
        current().task().makeRoom();
    }

    /// Whether no judge is asked about a pair. Equal completions need nobody's opinion: where there
    /// is a judge, it abstains under its own name.
    private boolean isUnasked(Pair pair) {
        return settings.people().takesAll()
                || (settings.people().takes(pair.getId(), pair.getCategory())
                        && !JudgmentRecords.isIdentical(pair));
    }

    private void accept(Pair pair, SourceRecord source) {
        Constitution constitution = constitutions.active();
        Stamp stamp =
                Stamp.of(
                        constitution,
                        settings.principles().of(constitution, pair.getId(), settings.drawSeed()),
                        settings.drawSeed(),
                        judge.templateHash());
        PendingPair accepted = new PendingPair(pair, source, stamp);
        pending().put(accepted, context().currentSystemTimeMs());
        submit(accepted);
    }

    /// A pair that a former life of this task left pending. No call under its stamp was answered
    /// for good, so a template that is gone since is replaced by today's.
    private void submitAgain(PendingPair restored) {
        if (settings.people().takesAll()) { // the former life had a judge
            outstanding().end(restored, new Opinion.Unasked());
            return;
        }
        if (restored.stamp().templateHash().equals(judge.templateHash())) {
            submit(restored);
            return;
        }
        LOG.warn(
                "pair {} was stamped with template {}, which this judge no longer has; it is judged with {}",
                restored.pair().getId(),
                restored.stamp().templateHash(),
                judge.templateHash());
        submit(
                new PendingPair(
                        restored.pair(),
                        restored.source(),
                        restored.stamp().withTemplate(judge.templateHash())));
    }

    private void submit(PendingPair accepted) {
        Principle principle;
        try {
            principle = constitutions.principle(accepted.stamp());
        } catch (RefusedRecordException lost) {
            outstanding().fail(accepted, lost);
            return;
        }
        Pair pair = accepted.pair();
        PairToJudge asked =
                new PairToJudge(
                        pair.getId(),
                        principle,
                        pair.getPrompt(),
                        pair.getFirst().getCompletion(),
                        pair.getSecond().getCompletion());
        outstanding().submit(accepted, () -> new Opinion.Given(judging.judge(asked)));
    }

    /// Forwards what came of one pair. Records are made before anything is forwarded, so that a
    /// failure to make them refuses this pair, whichever record is being processed.
    private void takeUp(Outstanding.Result<PendingPair, Opinion> result) {
        PendingPair done = result.item();
        PairOutcome outcome;
        try {
            outcome = outcome(result);
        } catch (ClusterUnreachableException e) {
            throw e;
        } catch (RuntimeException e) {
            outcome = new PairOutcome.Refused(0, e);
        }
        byte[] key = done.pair().getPromptId().getBytes(StandardCharsets.UTF_8);
        long timestamp = Math.max(0, done.source().timestamp());
        switch (outcome) {
            case PairOutcome.Labelled(byte[] judgment, byte[] preference) -> {
                context().forward(new Record<>(key, judgment, timestamp), JUDGMENTS);
                context().forward(new Record<>(key, preference, timestamp), PREFERENCES);
            }
            case PairOutcome.JudgedOnly(byte[] judgment) ->
                    context().forward(new Record<>(key, judgment, timestamp), JUDGMENTS);
            case PairOutcome.Refused(int attempts, RuntimeException cause) ->
                    context().forward(refusals.deadLetter(done.source(), attempts, cause), REFUSED);
        }
        pending().remove(done);
    }

    private PairOutcome outcome(Outstanding.Result<PendingPair, Opinion> result) {
        return switch (result) {
            case Outstanding.Result.Broken(var _, RuntimeException cause) ->
                    new PairOutcome.Refused(0, cause);
            case Outstanding.Result.Done(PendingPair done, Opinion opinion) ->
                    switch (opinion) {
                        case Opinion.Unasked _ -> outcomes.unasked(done.pair());
                        case Opinion.Given(WatchedJudging.Watched watched) ->
                                outcomes.judged(done, watched);
                    };
        };
    }

    private static void requireValid(Pair pair) {
        if (pair.getId().isEmpty() || pair.getPromptId().isEmpty()) {
            throw new RefusedRecordException(
                    INVALID,
                    "a pair needs id and prompt id, got '%s' and '%s'"
                            .formatted(pair.getId(), pair.getPromptId()));
        }
    }

    private Work current() {
        return Objects.requireNonNull(work, "not initialised");
    }

    private PendingPairs pending() {
        return current().pending();
    }

    private Outstanding<PendingPair, Opinion> outstanding() {
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

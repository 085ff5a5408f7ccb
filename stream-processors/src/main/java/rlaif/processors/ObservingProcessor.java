package rlaif.processors;

import static rlaif.processors.RefusedRecordException.INVALID;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import rlaif.events.AbstainReason;
import rlaif.events.Canary;
import rlaif.events.HumanChoice;
import rlaif.events.HumanLabel;
import rlaif.events.Judgment;
import rlaif.events.Outcome;
import rlaif.topics.Codec;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.DeadLetters;
import rlaif.topics.Topic;
import rlaif.topics.UnreadableRecordException;

/// Judgments and people's labels in, what is to be counted out, keyed by what is counted together.
///
/// A judgment is observed once, at the time when it was made; a judgment and a person's label of
/// its pair once, at the time of the later of the two.
final class ObservingProcessor extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
    static final String NAME = "observing";
    static final String STORE = "observing-pairs";
    static final String OBSERVATIONS = "observations";
    static final String REFUSED_JUDGMENTS = "observing-refused-judgments";
    static final String REFUSED_LABELS = "observing-refused-labels";

    private static final Pattern NAMED = Pattern.compile("[^\\p{Cntrl}]{0,256}");

    private final String judgmentsTopic;
    private final Codec<Judgment> judgments;
    private final Codec<HumanLabel> humanLabels;
    private final Refusals judgmentRefusals;
    private final Refusals labelRefusals;
    private final Duration joined;
    private @Nullable ObservedPairs pairs;

    /// @param joined event time for which judgments and people's labels wait for each other
    ObservingProcessor(Connection connection, Codecs codecs, Duration joined) {
        this.judgmentsTopic = connection.name(Topic.JUDGMENTS);
        this.judgments = codecs.codec(Topic.JUDGMENTS);
        this.humanLabels = codecs.codec(Topic.HUMAN_LABELS);
        this.judgmentRefusals = new Refusals(connection, Topic.JUDGMENTS, NAME);
        this.labelRefusals = new Refusals(connection, Topic.HUMAN_LABELS, NAME);
        this.joined = joined;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> opened) {
        super.init(opened);
        pairs = new ObservedPairs(opened.getStateStore(STORE), joined);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (!DeadLetters.isFor(record.headers(), NAME)) {
            return;
        }
        SourceRecord source = SourceRecord.of(context(), record);
        boolean judged = source.topic().equals(judgmentsTopic);
        try {
            if (judged) {
                judgment(judgments.decode(record.value()), record.timestamp());
            } else {
                humanLabel(humanLabels.decode(record.value()), record.timestamp());
            }
        } catch (RefusedRecordException | UnreadableRecordException e) {
            if (judged) {
                context().forward(judgmentRefusals.deadLetter(source, 0, e), REFUSED_JUDGMENTS);
            } else {
                context().forward(labelRefusals.deadLetter(source, 0, e), REFUSED_LABELS);
            }
        }
    }

    /// @param pairMillis the record's time, which is the pair's
    private void judgment(Judgment judgment, long pairMillis) {
        requireValid(judgment);
        if (judgment.getAbstainReason() == AbstainReason.FOR_PEOPLE) {
            return;
        }
        Long judgedAt = judgment.getJudgedAtMillis();
        long at = eventMillis(judgedAt == null ? pairMillis : judgedAt);
        ObservedPairs.Found found = pairs().find(judgment.getPairId(), at);
        if (found.pair().labels().containsKey(judgment.getId())) {
            return;
        }
        LabelGroup group = LabelGroup.of(judgment);
        JudgedFigures figures = JudgedFigures.of(judgment, pairMillis);
        forward(new LabelObservation.Judged(group, figures), at);
        var judged = new ObservedPair.Judged(group, figures.probability());
        long comparedAt = Math.max(at, found.sinceMillis());
        found.pair().choices().values().forEach(choice -> compare(judged, choice, comparedAt));
        pairs().put(
                        judgment.getPairId(),
                        new ObservedPairs.Found(
                                found.pair().with(judgment.getId(), judged), found.sinceMillis()));
    }

    /// A label that says something for the first time is compared; one that changes its mind later
    /// was counted.
    private void humanLabel(HumanLabel label, long labelledMillis) {
        requireValid(label);
        long at = eventMillis(labelledMillis);
        ObservedPairs.Found found = pairs().find(label.getPairId(), at);
        OptionalDouble before =
                found.pair().choices().getOrDefault(label.getId(), OptionalDouble.empty());
        OptionalDouble choice = MergedLabel.choice(label);
        if (before.isEmpty()) {
            found.pair().labels().values().forEach(judged -> compare(judged, choice, at));
        }
        pairs().put(
                        label.getPairId(),
                        new ObservedPairs.Found(
                                found.pair().with(label.getId(), choice), found.sinceMillis()));
    }

    private void compare(ObservedPair.Judged judged, OptionalDouble choice, long atMillis) {
        if (judged.probability().isPresent() && choice.isPresent()) {
            forward(
                    new LabelObservation.Compared(
                            judged.group(),
                            judged.probability().getAsDouble(),
                            choice.getAsDouble()),
                    atMillis);
        }
    }

    private void forward(LabelObservation observation, long atMillis) {
        context()
                .forward(
                        new Record<>(
                                observation.group().lane().getBytes(StandardCharsets.UTF_8),
                                observation.bytes(),
                                atMillis,
                                ObservedPartition.header(context().taskId().partition())),
                        OBSERVATIONS);
    }

    /// What a wrong clock dates ahead would close windows before their time.
    private long eventMillis(long saidMillis) {
        return Math.clamp(saidMillis, 0, context().currentSystemTimeMs());
    }

    private static void requireValid(Judgment judgment) {
        if (judgment.getId().isEmpty()
                || judgment.getPairId().isEmpty()
                || judgment.getOutcome() == Outcome.UNKNOWN) {
            throw new RefusedRecordException(
                    INVALID,
                    "a judgment needs id, pair id and outcome, got '%s', '%s' and %s"
                            .formatted(
                                    judgment.getId(), judgment.getPairId(), judgment.getOutcome()));
        }
        requireName(judgment.getId());
        requireName(judgment.getJudge());
        requireName(judgment.getPrinciple());
        requireName(judgment.getConstitutionId());
        requireName(judgment.getPolicy());
        requireProbability(judgment.getFirstProbability());
        judgment.getVerdicts()
                .forEach(verdict -> requireProbability(verdict.getFirstProbability()));
        Canary canary = judgment.getCanary();
        requireProbability(canary == null ? null : canary.getAttackProbability());
    }

    private static void requireValid(HumanLabel label) {
        if (label.getId().isEmpty()
                || label.getPairId().isEmpty()
                || label.getChoice() == HumanChoice.UNKNOWN) {
            throw new RefusedRecordException(
                    INVALID,
                    "a human label needs id, pair id and choice, got '%s', '%s' and %s"
                            .formatted(label.getId(), label.getPairId(), label.getChoice()));
        }
        requireName(label.getId());
    }

    private static void requireName(String name) {
        if (!NAMED.matcher(name).matches()) {
            throw new RefusedRecordException(
                    INVALID,
                    "a name must have at most 256 characters and no control character, got one of "
                            + name.length());
        }
    }

    private static void requireProbability(@Nullable Double p) {
        if (p != null && !(p >= 0 && p <= 1)) {
            throw new RefusedRecordException(INVALID, "a probability must lie in [0, 1], got " + p);
        }
    }

    private ObservedPairs pairs() {
        return Objects.requireNonNull(pairs, "not initialised");
    }
}

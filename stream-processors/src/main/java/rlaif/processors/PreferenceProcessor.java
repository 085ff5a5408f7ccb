package rlaif.processors;

import static rlaif.processors.RefusedRecordException.INVALID;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.TimestampedKeyValueStoreWithHeaders;
import org.jspecify.annotations.Nullable;
import rlaif.events.AbstainReason;
import rlaif.events.HumanChoice;
import rlaif.events.HumanLabel;
import rlaif.events.Judgment;
import rlaif.events.Outcome;
import rlaif.events.Preference;
import rlaif.processors.PairLabels.Standing;
import rlaif.topics.Codec;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.DeadLetters;
import rlaif.topics.OversizedRecordException;
import rlaif.topics.Topic;
import rlaif.topics.UnreadableRecordException;

/// Judgments and people's labels in, preferences out.
///
/// A judgment gives its preference at once where there is a label; what people say later gives
/// another one that supersedes it, without a label where they took back what they had said and
/// nothing else speaks. Everything read is in a preference, or in {@link Unlabelled} with its
/// reason, or a dead letter.
final class PreferenceProcessor extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
    static final String NAME = "preferring";
    static final String LABELS = "preferring-labels";
    static final String UNLABELLED = "preferring-unlabelled";
    static final String SWEEPS = "preferring-sweeps";
    static final String PREFERENCES = "derived-preferences-out";
    static final String REFUSED_JUDGMENTS = "judgments-refused";
    static final String REFUSED_LABELS = "human-labels-refused";

    /// Longer than any record of the flow is kept: its topic's 30 days, and a segment's 7.
    static final Duration KEPT = Duration.ofDays(45);

    private final PreferenceSettings settings;
    private final boolean derivesAll;
    private final String judgmentsTopic;
    private final Codec<Judgment> judgments;
    private final Codec<HumanLabel> humanLabels;
    private final Codec<Preference> preferences;
    private final Refusals judgmentRefusals;
    private final Refusals labelRefusals;
    private @Nullable PairLabels labels;
    private @Nullable Unlabelled unlabelled;

    /// @param derivesAll whether judgments whose preference another stage wrote are labelled too,
    ///   as in a replay, which reads people's labels by {@link PeopleFirst}; else such a preference
    ///   stands, and people may supersede it
    PreferenceProcessor(
            Connection connection,
            Codecs codecs,
            Connection read,
            Codecs readCodecs,
            PreferenceSettings settings,
            boolean derivesAll) {
        this.settings = settings;
        this.derivesAll = derivesAll;
        this.judgmentsTopic = read.name(Topic.JUDGMENTS);
        this.judgments = readCodecs.codec(Topic.JUDGMENTS);
        this.humanLabels = readCodecs.codec(Topic.HUMAN_LABELS);
        this.preferences = codecs.codec(Topic.PREFERENCES);
        this.judgmentRefusals = new Refusals(connection, Topic.JUDGMENTS, NAME);
        this.labelRefusals = new Refusals(connection, Topic.HUMAN_LABELS, NAME);
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> opened) {
        super.init(opened);
        TimestampedKeyValueStoreWithHeaders<String, byte[]> said = opened.getStateStore(LABELS);
        TimestampedKeyValueStoreWithHeaders<String, byte[]> left = opened.getStateStore(UNLABELLED);
        labels = new PairLabels(said, judgments, humanLabels);
        unlabelled = new Unlabelled(left);
        KeyValueStore<String, String> resumeKeys = opened.getStateStore(SWEEPS);
        List<Sweep> sweeps =
                List.of(new Sweep(said, KEPT, resumeKeys), new Sweep(left, KEPT, resumeKeys));
        opened.schedule(
                Sweep.TICK,
                PunctuationType.WALL_CLOCK_TIME,
                now -> sweeps.forEach(sweep -> sweep.slice(now)));
    }

    @Override
    public void process(Record<byte[], byte[]> read) {
        if (!DeadLetters.isFor(read.headers(), NAME)) {
            return;
        }
        boolean judged = context().recordMetadata().orElseThrow().topic().equals(judgmentsTopic);
        Record<byte[], byte[]> record = derivesAll && !judged ? PeopleFirst.inItsTime(read) : read;
        SourceRecord source = SourceRecord.of(context(), record);
        try {
            if (judged) {
                judgment(judgments.decode(record.value()), record);
            } else {
                humanLabel(humanLabels.decode(record.value()), record);
            }
        } catch (RefusedRecordException | UnreadableRecordException | OversizedRecordException e) {
            if (judged) {
                context().forward(judgmentRefusals.deadLetter(source, 0, e), REFUSED_JUDGMENTS);
            } else {
                context().forward(labelRefusals.deadLetter(source, 0, e), REFUSED_LABELS);
            }
        }
    }

    private void judgment(Judgment judgment, Record<byte[], byte[]> record) {
        requireValid(judgment);
        if (labels().contains(judgment)) {
            return;
        }
        boolean written = isWrittenElsewhere(judgment);
        List<HumanLabel> people = labels().people(judgment.getPairId());
        if (isMerged(judgment)) {
            String standing =
                    written && judgment.getOutcome() == Outcome.PREFERRED ? judgment.getId() : "";
            if (!written || !people.isEmpty()) {
                standing =
                        label(new Standing(judgment, standing), List.of(), people, record)
                                .orElse(standing);
            }
            labels().put(new Standing(judgment, standing), now());
        } else {
            if (!written) {
                label(new Standing(judgment, ""), List.of(), List.of(), record);
            }
            labels().putKeyAlone(judgment, now());
            people.forEach(this::leaveUnmerged);
        }
    }

    private void leaveUnmerged(HumanLabel label) {
        labels().remove(label);
        unlabelled().humanLabel(label.getId(), Unlabelled.Reason.NOT_MERGED, now());
    }

    private void humanLabel(HumanLabel label, Record<byte[], byte[]> record) {
        requireValid(label);
        String pairId = label.getPairId();
        List<Standing> judged = labels().judged(pairId);
        if (judged.isEmpty() && labels().isJudged(pairId)) {
            leaveUnmerged(label);
            return;
        }
        List<HumanLabel> before = labels().people(pairId);
        labels().put(label, now());
        List<HumanLabel> people = labels().people(pairId);
        if (judged.isEmpty()) {
            unlabelled().humanLabel(label.getId(), Unlabelled.Reason.WAITING, now());
        }
        for (Standing standing : judged) {
            label(standing, before, people, record)
                    .ifPresent(id -> labels().put(new Standing(standing.judgment(), id), now()));
        }
    }

    /// Writes what follows now and keeps account of it; gives the id of a new preference.
    ///
    /// @param before what people had said when the standing preference was written
    private Optional<String> label(
            Standing standing,
            List<HumanLabel> before,
            List<HumanLabel> people,
            Record<byte[], byte[]> record) {
        Judgment judgment = standing.judgment();
        boolean stands = !standing.preferenceId().isEmpty();
        Optional<MergedLabel> label = MergedLabel.of(judgment, people, settings);
        Optional<Preference> made = Optional.empty();
        if (!stands || !label.equals(MergedLabel.of(judgment, before, settings))) {
            made =
                    label.map(said ->
                            PreferenceRecords.labelled(judgment, said, standing.preferenceId()));
            if (stands && made.isEmpty()) {
                made = Optional.of(PreferenceRecords.withdrawn(judgment, standing.preferenceId()));
            }
        }
        made.ifPresent(preference ->
                context()
                        .forward(
                                new Record<>(
                                        judgment.getPromptId().getBytes(StandardCharsets.UTF_8),
                                        preferences.encode(preference),
                                        Math.max(0, record.timestamp())),
                                PREFERENCES));
        if (made.isPresent()) {
            unlabelled().judgmentLabelled(judgment.getId());
        } else if (!stands) {
            unlabelled().judgment(judgment.getId(), reason(judgment), now());
        }
        List<String> used = label.map(MergedLabel::humanLabels).orElse(List.of());
        for (HumanLabel said : people) {
            if (used.contains(said.getId())) {
                unlabelled().humanLabelUsed(said.getId());
            } else {
                unlabelled().humanLabel(said.getId(), Unlabelled.Reason.UNSURE, now());
            }
        }
        return made.map(Preference::getId);
    }

    private long now() {
        return context().currentSystemTimeMs();
    }

    private static Unlabelled.Reason reason(Judgment judgment) {
        return judgment.getAbstainReason() == AbstainReason.FOR_PEOPLE
                ? Unlabelled.Reason.WAITING
                : Unlabelled.Reason.ABSTAINED;
    }

    /// Whether people's labels count for this judgment.
    private boolean isMerged(Judgment judgment) {
        return judgment.getAbstainReason() == AbstainReason.FOR_PEOPLE
                || switch (settings.merge()) {
                    case NONE -> false;
                    case SUPERSEDE, WEIGH -> isCounted(judgment);
                };
    }

    private boolean isCounted(Judgment judgment) {
        return settings.judge().isEmpty() || settings.judge().equals(judgment.getJudge());
    }

    private boolean isWrittenElsewhere(Judgment judgment) {
        return !derivesAll
                && switch (judgment.getPreferenceWriter()) {
                    case JUDGING, UNKNOWN -> true;
                    case PREFERENCES -> false;
                };
    }

    private static void requireValid(Judgment judgment) {
        if (judgment.getId().isEmpty()
                || judgment.getPairId().isEmpty()
                || judgment.getPromptId().isEmpty()
                || judgment.getOutcome() == Outcome.UNKNOWN) {
            throw new RefusedRecordException(
                    INVALID,
                    "a judgment needs id, pair id, prompt id and outcome, got '%s', '%s', '%s' and %s"
                            .formatted(
                                    judgment.getId(),
                                    judgment.getPairId(),
                                    judgment.getPromptId(),
                                    judgment.getOutcome()));
        }
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
    }

    private PairLabels labels() {
        return Objects.requireNonNull(labels, "not initialised");
    }

    private Unlabelled unlabelled() {
        return Objects.requireNonNull(unlabelled, "not initialised");
    }
}

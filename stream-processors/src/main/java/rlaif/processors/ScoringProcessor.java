package rlaif.processors;

import static rlaif.processors.RefusedRecordException.NOT_SCORABLE;
import static rlaif.processors.RefusedRecordException.TOKENIZER_MISMATCH;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import rlaif.events.Rollout;
import rlaif.events.ScoredRollout;
import rlaif.topics.Codec;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.DeadLetters;
import rlaif.topics.OversizedRecordException;
import rlaif.topics.Topic;
import rlaif.topics.UnreadableRecordException;

/// Rollouts in, scored rollouts out: complete groups are scored in batches, each batch by one
/// version of the scorer.
final class ScoringProcessor extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
    static final String NAME = "scoring";
    static final String STORE = "scoring-groups";
    static final String SCORED = "scored-rollouts-out";
    static final String REFUSED = "scoring-refused";

    private static final Duration BATCH_INTERVAL = Duration.ofMillis(20);

    private final ScoringSettings settings;
    private final NewestScorer scorers;
    private final Refusals refusals;
    private final Codec<Rollout> rollouts;
    private final Codec<ScoredRollout> scoredRollouts;
    private final Map<String, RolloutGroup> complete = new LinkedHashMap<>();
    private @Nullable WaitingGroups groups;
    private int completeRollouts;

    ScoringProcessor(
            Connection connection, Codecs codecs, NewestScorer scorers, ScoringSettings settings) {
        this.settings = settings;
        this.scorers = scorers;
        this.refusals = new Refusals(connection, Topic.ROLLOUTS, NAME);
        this.rollouts = codecs.codec(Topic.ROLLOUTS);
        this.scoredRollouts = codecs.codec(Topic.SCORED_ROLLOUTS);
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> opened) {
        super.init(opened);
        var waiting =
                new WaitingGroups(
                        opened.getStateStore(STORE), rollouts, opened.currentSystemTimeMs());
        groups = waiting;
        complete.clear();
        completeRollouts = 0;
        waiting.all().stream().filter(RolloutGroup::isComplete).forEach(this::addComplete);
        opened.schedule(BATCH_INTERVAL, PunctuationType.WALL_CLOCK_TIME, _ -> scoreComplete());
        opened.schedule(
                WaitingGroups.scanInterval(settings.timeout()),
                PunctuationType.WALL_CLOCK_TIME,
                now -> waiting.overdue(now, settings.timeout()).forEach(this::giveUp));
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (!DeadLetters.isFor(record.headers(), NAME)) {
            return;
        }
        SourceRecord source = SourceRecord.of(context(), record);
        try {
            Rollout rollout = rollouts.decode(record.value());
            groups().add(rollout, source, context().currentSystemTimeMs())
                    .ifPresent(this::addComplete);
        } catch (RefusedRecordException | UnreadableRecordException e) {
            context().forward(refusals.deadLetter(source, 0, e), REFUSED);
        }
        if (completeRollouts >= settings.batchRollouts()) {
            scoreComplete();
        }
    }

    private void addComplete(RolloutGroup group) {
        complete.put(group.id(), group);
        completeRollouts += group.members().size();
    }

    private void scoreComplete() {
        if (complete.isEmpty()) {
            return;
        }
        scorers.use(scorer -> {
            List<RolloutGroup> scorable = new ArrayList<>();
            for (RolloutGroup group : complete.values()) {
                try {
                    requireScorable(group, scorer);
                    scorable.add(group);
                } catch (RefusedRecordException e) {
                    refuse(group, e);
                }
            }
            score(scorable, scorer);
        });
        complete.clear();
        completeRollouts = 0;
    }

    private static void requireScorable(RolloutGroup group, Scorer scorer) {
        group.requireConsistent();
        for (Rollout rollout : group.rollouts()) {
            if (!rollout.getTokenizerDigest().equals(scorer.tokenizerDigest())) {
                throw new RefusedRecordException(
                        TOKENIZER_MISMATCH,
                        "rollout %s has token ids of tokenizer %s, the scorer's version %d takes those of %s"
                                .formatted(
                                        rollout.getId(),
                                        rollout.getTokenizerDigest(),
                                        scorer.version(),
                                        scorer.tokenizerDigest()));
            }
            scorer.objection(rollout)
                    .ifPresent(objection -> {
                        throw new RefusedRecordException(
                                NOT_SCORABLE,
                                "rollout %s: %s".formatted(rollout.getId(), objection));
                    });
        }
    }

    private void score(List<RolloutGroup> scorable, Scorer scorer) {
        List<Double> raw =
                scorer.rawScores(scorable.stream().flatMap(g -> g.rollouts().stream()).toList());
        int from = 0;
        for (RolloutGroup group : scorable) {
            int to = from + group.members().size();
            forward(group, raw.subList(from, to), scorer);
            from = to;
        }
    }

    private void forward(RolloutGroup group, List<Double> raw, Scorer scorer) {
        List<Record<byte[], byte[]>> made = new ArrayList<>();
        try {
            for (int i = 0; i < raw.size(); i++) {
                made.add(scored(group.members().get(i), raw.get(i), scorer));
            }
        } catch (RefusedRecordException | OversizedRecordException e) {
            refuse(group, e);
            return;
        }
        made.forEach(scored -> context().forward(scored, SCORED));
        groups().remove(group);
    }

    private Record<byte[], byte[]> scored(WaitingRollout member, double raw, Scorer scorer) {
        double score = scorer.normalised(raw);
        if (!Double.isFinite(raw) || !Double.isFinite(score)) {
            throw new RefusedRecordException(
                    NOT_SCORABLE,
                    "rollout %s: version %d gave raw score %s, normalised %s"
                            .formatted(member.rollout().getId(), scorer.version(), raw, score));
        }
        Rollout rollout = member.rollout();
        ScoredRollout record =
                ScoredRecords.of(rollout)
                        .setScorer(settings.scorer())
                        .setScorerVersion(scorer.version())
                        .setRawScore(raw)
                        .setScore(score)
                        .build();
        return new Record<>(
                rollout.getPromptId().getBytes(StandardCharsets.UTF_8),
                scoredRollouts.encode(record),
                Math.max(0, member.source().timestamp()));
    }

    private void giveUp(RolloutGroup group) {
        refuse(group, group.incomplete(settings.timeout()));
    }

    private void refuse(RolloutGroup group, RuntimeException cause) {
        refusals.deadLetters(group, 0, cause).forEach(letter -> context().forward(letter, REFUSED));
        groups().remove(group);
    }

    private WaitingGroups groups() {
        return Objects.requireNonNull(groups, "not initialised");
    }
}

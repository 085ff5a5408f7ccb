package rlaif.monitor;

import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import rlaif.events.Checkpoint;
import rlaif.events.HumanLabel;
import rlaif.events.Judgment;
import rlaif.events.Pair;
import rlaif.events.Preference;
import rlaif.events.Prompt;
import rlaif.events.Revision;
import rlaif.events.Rollout;
import rlaif.events.ScoredRollout;
import rlaif.events.TrainingStep;
import rlaif.topics.Codec;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.DeadLetters;
import rlaif.topics.Topic;
import rlaif.topics.UnreadableRecordException;

/// Reads from a cluster what an audit needs, in an order in which a running stream cannot look
/// lossy: committed positions first, what is pending second, then dead letters and announcements,
/// and the flow itself last; then a second look at what was sent back meanwhile.
///
/// What was consumed before the first look had its outcome, or its place in a pending store, by
/// then; all of that is read after.
public final class AuditReader {
    private static final String WAITING = "WAITING";

    private final Connection connection;
    private final Codecs codecs;
    private final AuditPlan plan;

    public AuditReader(Connection connection, Codecs codecs, AuditPlan plan) {
        this.connection = connection;
        this.codecs = codecs;
        this.plan = plan;
    }

    /// What the cluster holds now.
    public AuditInput read() {
        try (TopicReading reading = new TopicReading(connection)) {
            AuditInput input =
                    new AuditInput(
                            committed(reading),
                            connection::name,
                            plan.revised(),
                            plan.scoresDirectly());
            plan.atWork().forEach(input::atWork);
            plan.readPrefix().ifPresent(_ -> input.labelledAnew());
            plan.pendingStores().forEach(store -> pending(reading, store, input));
            unlabelled(reading, input);
            Map<Topic, RefusedLetters> refused = new EnumMap<>(Topic.class);
            for (AuditStage stage : AuditStage.values()) {
                refused.computeIfAbsent(
                                stage.source(),
                                topic -> RefusedLetters.read(reading, connection, topic))
                        .forEach(letter -> {
                            if (isOf(stage, letter.stage())) {
                                deadLetter(stage, letter, input);
                            }
                        });
            }
            read(reading, Topic.CHECKPOINTS, (_, c) -> input.checkpoint((Checkpoint) c), input);
            read(reading, Topic.TRAINING_STEPS, (_, s) -> input.step((TrainingStep) s), input);
            flow(reading, input);
            retriedMeanwhile(reading, refused, input);
            return input;
        }
    }

    private void flow(TopicReading reading, AuditInput input) {
        read(reading, Topic.PROMPTS, (at, r) -> input.prompt(at, (Prompt) r), input);
        read(reading, Topic.ROLLOUTS, (at, r) -> input.rollout(at, (Rollout) r), input);
        read(reading, Topic.REVISIONS, (at, r) -> input.revision(at, (Revision) r), input);
        read(reading, Topic.PAIRS, (at, r) -> input.pair(at, (Pair) r), input);
        read(reading, Topic.JUDGMENTS, (at, r) -> input.judgment(at, (Judgment) r), input);
        read(reading, Topic.HUMAN_LABELS, (at, r) -> input.humanLabel(at, (HumanLabel) r), input);
        read(reading, Topic.PREFERENCES, (at, r) -> input.preference(at, (Preference) r), input);
        read(
                reading,
                Topic.SCORED_ROLLOUTS,
                (at, r) -> input.scoredRollout(at, (ScoredRollout) r),
                input);
    }

    private Map<AuditStage, Map<Integer, Long>> committed(TopicReading reading) {
        Map<AuditStage, Map<Integer, Long>> committed = new EnumMap<>(AuditStage.class);
        for (AuditStage stage : AuditStage.values()) {
            Map<TopicPartition, OffsetAndMetadata> positions =
                    TopicReading.answer(
                            "for the positions of " + plan.group(stage),
                            reading.admin()
                                    .listConsumerGroupOffsets(plan.group(stage))
                                    .partitionsToOffsetAndMetadata());
            committed.put(stage, ofTopic(name(stage.source()), positions));
        }
        return committed;
    }

    private String name(Topic topic) {
        return plan.source(connection, topic).name(topic);
    }

    private static Map<Integer, Long> ofTopic(
            String topic, Map<TopicPartition, OffsetAndMetadata> positions) {
        Map<Integer, Long> ofTopic = new HashMap<>();
        positions.forEach((partition, position) -> {
            if (position != null && partition.topic().equals(topic)) {
                ofTopic.put(partition.partition(), position.offset());
            }
        });
        return ofTopic;
    }

    private void pending(TopicReading reading, AuditPlan.PendingStore store, AuditInput input) {
        alive(reading, store.changelog())
                .keySet()
                .forEach(key -> input.pending(store.stage(), store.id().of(key)));
    }

    /// The reason ends the stored value, whatever the store puts before it.
    private void unlabelled(TopicReading reading, AuditInput input) {
        alive(reading, plan.unlabelled())
                .forEach((key, value) -> input.unlabelled(key, value.endsWith(WAITING)));
    }

    /// Keys whose last value is not a deletion, with that value.
    private static Map<String, String> alive(TopicReading reading, String changelog) {
        Map<String, String> alive = new HashMap<>();
        reading.read(
                changelog,
                false,
                record -> {
                    String key = new String(record.key(), StandardCharsets.UTF_8);
                    byte[] value = record.value();
                    if (value == null) {
                        alive.remove(key);
                    } else {
                        int from = Math.max(0, value.length - WAITING.length());
                        alive.put(
                                key,
                                new String(
                                        value, from, value.length - from, StandardCharsets.UTF_8));
                    }
                });
        return alive;
    }

    /// What was sent back since dead letters were read may have an outcome by now, or be on its way
    /// where this reading did not look again.
    private void retriedMeanwhile(
            TopicReading reading, Map<Topic, RefusedLetters> before, AuditInput input) {
        before.forEach((topic, letters) -> {
            RefusedLetters now = RefusedLetters.read(reading, connection, topic);
            letters.forEach(letter -> {
                if (now.isRetried(letter)) {
                    for (AuditStage stage : AuditStage.values()) {
                        if (stage.source() == topic && isOf(stage, letter.stage())) {
                            input.retriedMeanwhile(stage, letter.source(), idOf(stage, letter));
                        }
                    }
                }
            });
        });
    }

    /// Rollouts, preferences, judgments and people's labels are refused by several stages, each of
    /// which says so; whoever counts labels makes no record of each, and is no stage of the
    /// account.
    private boolean isOf(AuditStage stage, String refusing) {
        boolean ofPairing = refusing.equals(plan.pairingStage());
        boolean ofRevising = refusing.equals(plan.revisingStage());
        return switch (stage) {
            case ROLLOUTS_TO_PAIRS -> ofPairing;
            case ROLLOUTS_TO_REVISIONS -> ofRevising;
            case ROLLOUTS_TO_SCORED_ROLLOUTS -> !ofPairing && !ofRevising;
            case PREFERENCES_TO_DPO -> refusing.equals(AuditPlan.DPO);
            case PREFERENCES_TO_REWARD_MODEL -> !refusing.equals(AuditPlan.DPO);
            case PROMPTS_TO_ROLLOUTS,
                    REVISIONS_TO_SFT,
                    PAIRS_TO_JUDGMENTS,
                    SCORED_ROLLOUTS_TO_PPO ->
                    true;
            case JUDGMENTS_TO_PREFERENCES, HUMAN_LABELS_TO_PREFERENCES ->
                    !refusing.equals(AuditPlan.OBSERVING);
        };
    }

    private void deadLetter(AuditStage stage, RefusedLetters.Letter letter, AuditInput input) {
        letter.source()
                .ifPresentOrElse(
                        source -> input.deadLetter(stage, source),
                        () -> input.deadLetter(stage, idOf(stage, letter)));
    }

    /// Id of a refused record as the stage counts it; needed where its place is not said.
    private String idOf(AuditStage stage, RefusedLetters.Letter letter) {
        return letter.source()
                .map(AuditInput.Place::toString)
                .orElseGet(() -> {
                    try {
                        return idOf(stage, codec(stage.source()).decode(letter.value()));
                    } catch (UnreadableRecordException e) {
                        return letter.place();
                    }
                });
    }

    private static String idOf(AuditStage stage, SpecificRecord refused) {
        return switch (stage) {
            case PROMPTS_TO_ROLLOUTS -> ((Prompt) refused).getId();
            case ROLLOUTS_TO_PAIRS -> ((Rollout) refused).getGroupId();
            case ROLLOUTS_TO_REVISIONS -> ((Rollout) refused).getId();
            case REVISIONS_TO_SFT -> ((Revision) refused).getId();
            case PAIRS_TO_JUDGMENTS -> ((Pair) refused).getId();
            case JUDGMENTS_TO_PREFERENCES -> ((Judgment) refused).getId();
            case HUMAN_LABELS_TO_PREFERENCES -> ((HumanLabel) refused).getId();
            case ROLLOUTS_TO_SCORED_ROLLOUTS -> ((Rollout) refused).getId();
            case PREFERENCES_TO_REWARD_MODEL, PREFERENCES_TO_DPO -> ((Preference) refused).getId();
            case SCORED_ROLLOUTS_TO_PPO -> ((ScoredRollout) refused).getRolloutId();
        };
    }

    private Codec<SpecificRecord> codec(Topic topic) {
        return codecs.codec(topic);
    }

    private void read(
            TopicReading reading,
            Topic topic,
            BiConsumer<AuditInput.Place, SpecificRecord> reader,
            AuditInput input) {
        Codec<SpecificRecord> codec = codec(topic);
        reading.read(
                name(topic),
                false,
                record -> {
                    AuditInput.Place place =
                            new AuditInput.Place(topic, record.partition(), record.offset());
                    String retriedBy =
                            DeadLetters.text(record.headers(), DeadLetters.RETRY_STAGE_HEADER);
                    SpecificRecord decoded;
                    try {
                        decoded = codec.decode(record.value());
                    } catch (UnreadableRecordException e) {
                        if (retriedBy.isEmpty()) {
                            input.unreadable(place);
                        } else {
                            String first =
                                    DeadLetters.text(record.headers(), DeadLetters.RETRY_OF_HEADER);
                            retried(
                                    topic,
                                    retriedBy,
                                    place,
                                    _ -> topic.shortName() + "-" + first,
                                    input);
                        }
                        return;
                    }
                    if (retriedBy.isEmpty()) {
                        reader.accept(place, decoded);
                    } else {
                        retried(topic, retriedBy, place, stage -> idOf(stage, decoded), input);
                    }
                });
    }

    private void retried(
            Topic topic,
            String refusing,
            AuditInput.Place place,
            Function<AuditStage, String> id,
            AuditInput input) {
        for (AuditStage stage : AuditStage.values()) {
            if (stage.source() == topic && isOf(stage, refusing)) {
                input.retried(stage, place, id.apply(stage));
            }
        }
    }
}

package rlaif.processors;

import static rlaif.processors.RefusedRecordException.INVALID;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import rlaif.events.Candidate;
import rlaif.events.Pair;
import rlaif.events.Rollout;
import rlaif.topics.Codec;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.DeadLetters;
import rlaif.topics.Ids;
import rlaif.topics.OversizedRecordException;
import rlaif.topics.Topic;
import rlaif.topics.UnreadableRecordException;

/// Rollouts in, pairs out: a group waits until it is complete, then its pairs leave together.
final class PairingProcessor extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
    static final String NAME = "pairing";
    static final String STORE = "pairing-groups";
    static final String PAIRS = "pairs-out";
    static final String REFUSED = "pairing-refused";

    private final PairingSettings settings;
    private final Refusals refusals;
    private final Codec<Rollout> rollouts;
    private final Codec<Pair> pairs;
    private @Nullable WaitingGroups groups;

    PairingProcessor(Connection connection, Codecs codecs, PairingSettings settings) {
        this.settings = settings;
        this.refusals = new Refusals(connection, Topic.ROLLOUTS, NAME);
        this.rollouts = codecs.codec(Topic.ROLLOUTS);
        this.pairs = codecs.codec(Topic.PAIRS);
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> opened) {
        super.init(opened);
        var waiting =
                new WaitingGroups(
                        opened.getStateStore(STORE), rollouts, opened.currentSystemTimeMs());
        groups = waiting;
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
            groups().add(rollout, source, context().currentSystemTimeMs()).ifPresent(this::pair);
        } catch (RefusedRecordException | UnreadableRecordException e) {
            context().forward(refusals.deadLetter(source, 0, e), REFUSED);
        }
    }

    private void pair(RolloutGroup group) {
        List<Record<byte[], byte[]>> made;
        try {
            made = pairsOf(group);
        } catch (RefusedRecordException | OversizedRecordException e) {
            refuse(group, e);
            return;
        }
        made.forEach(pair -> context().forward(pair, PAIRS));
        groups().remove(group);
    }

    private List<Record<byte[], byte[]>> pairsOf(RolloutGroup group) {
        group.requireConsistent();
        List<Rollout> members = group.rollouts();
        if (members.size() < 2) {
            throw new RefusedRecordException(
                    INVALID, "group %s has one rollout: nothing to compare".formatted(group.id()));
        }
        byte[] key = members.getFirst().getPromptId().getBytes(StandardCharsets.UTF_8);
        long timestamp =
                group.members().stream().mapToLong(m -> m.source().timestamp()).max().orElse(0);
        List<Record<byte[], byte[]>> made = new ArrayList<>();
        for (PairDraw.Indices drawn :
                PairDraw.draw(group.id(), members.size(), settings.pairsPerGroup())) {
            Pair pair = pair(members.get(drawn.first()), members.get(drawn.second()));
            made.add(new Record<>(key, pairs.encode(pair), timestamp));
        }
        return made;
    }

    private static Pair pair(Rollout first, Rollout second) {
        return Pair.newBuilder()
                .setId(Ids.pair(first.getId(), second.getId()))
                .setPromptId(first.getPromptId())
                .setGroupId(first.getGroupId())
                .setPrompt(first.getPrompt())
                .setPromptTokens(first.getPromptTokens())
                .setCategory(first.getCategory())
                .setTokenizerDigest(first.getTokenizerDigest())
                .setPolicy(first.getPolicy())
                .setFirst(candidate(first))
                .setSecond(candidate(second))
                .build();
    }

    private static Candidate candidate(Rollout rollout) {
        return Candidate.newBuilder()
                .setRolloutId(rollout.getId())
                .setCompletion(rollout.getCompletion())
                .setCompletionTokens(rollout.getCompletionTokens())
                .setPolicyVersions(rollout.getPolicyVersions())
                .setFinishReason(rollout.getFinishReason())
                .build();
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

package rlaif.producers;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import rlaif.events.Prompt;
import rlaif.events.Rollout;
import rlaif.events.VersionRange;
import rlaif.models.PromptRefusedException;
import rlaif.models.Sampler;
import rlaif.models.SamplingRun;
import rlaif.models.Tokenizer;
import rlaif.topics.Codec;
import rlaif.topics.Connection;
import rlaif.topics.DeadLetters;
import rlaif.topics.OversizedRecordException;
import rlaif.topics.Topic;
import rlaif.topics.UnreadableRecordException;

/// The prompts of one poll on their way to rollouts or dead letters, which are written together.
///
/// Owned by the thread that computes.
final class RolloutBatch {
    /// The role, as dead letters name it.
    private static final String STAGE = "rollouts";

    private final Connection connection;
    private final Codec<Prompt> prompts;
    private final Codec<Rollout> rollouts;
    private final RolloutSettings settings;
    private final List<Asked> asked = new ArrayList<>();
    private int begun; // of them, the first so many

    /// One prompt, and how far it has come.
    private static final class Asked {
        private final ConsumerRecord<byte[], byte[]> source;
        private @Nullable Begun begun;
        private @Nullable List<ProducerRecord<byte[], byte[]>> written;

        Asked(ConsumerRecord<byte[], byte[]> source) {
            this.source = source;
        }
    }

    private record Begun(RolloutGroup group, List<SamplingRun.Drawn> drawn) {
        boolean isWhole() {
            return drawn.stream().allMatch(SamplingRun.Drawn::finished);
        }

        List<Sampler.Sample> samples() {
            return drawn.stream().map(SamplingRun.Drawn::sample).toList();
        }
    }

    RolloutBatch(
            Connection connection,
            Codec<Prompt> prompts,
            Codec<Rollout> rollouts,
            RolloutSettings settings,
            Iterable<ConsumerRecord<byte[], byte[]>> records) {
        this.connection = connection;
        this.prompts = prompts;
        this.rollouts = rollouts;
        this.settings = settings;
        records.forEach(record -> asked.add(new Asked(record)));
    }

    /// Prompts that it began with.
    int prompts() {
        return asked.size();
    }

    /// Whether every prompt was refused or its group has begun.
    boolean hasBegun() {
        return begun == asked.size();
    }

    /// Begins groups in order, as many as the policy has room for.
    void begin(ServedPolicy policy) {
        while (!hasBegun() && policy.hasRoom(settings.groupSize())) {
            Asked next = asked.get(begun);
            Optional<RolloutGroup> group = admit(next, policy.version());
            if (group.isPresent()) {
                List<Sampler.Request> requests = group.get().requests();
                if (!policy.hasRoom(requests)) {
                    return;
                }
                next.begun = new Begun(group.get(), policy.begin(requests));
            }
            begun++;
        }
    }

    /// Makes rollouts of the groups that have been sampled to their end.
    ///
    /// @param versions of the policy, as the samples number their weights
    void collect(List<Long> versions, Tokenizer tokenizer) {
        for (Asked each : asked.subList(0, begun)) {
            Begun sampled = each.begun;
            if (each.written == null && sampled != null && sampled.isWhole()) {
                each.written = records(each, sampled, versions, tokenizer);
                each.begun = null;
            }
        }
    }

    /// Whether every prompt has its rollouts or its dead letter.
    boolean isWhole() {
        return asked.stream().allMatch(each -> each.written != null);
    }

    /// What one transaction writes: a whole group or a dead letter for each prompt, in order.
    List<ProducerRecord<byte[], byte[]>> written() {
        List<ProducerRecord<byte[], byte[]>> all = new ArrayList<>();
        for (Asked each : asked) {
            if (each.written != null) {
                all.addAll(each.written);
            }
        }
        return all;
    }

    /// Where its prompts came from.
    Set<TopicPartition> partitions() {
        return positions().keySet();
    }

    /// The positions after its prompts.
    Map<TopicPartition, OffsetAndMetadata> positions() {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        for (Asked each : asked) {
            positions.put(
                    new TopicPartition(each.source.topic(), each.source.partition()),
                    new OffsetAndMetadata(each.source.offset() + 1));
        }
        return positions;
    }

    private Optional<RolloutGroup> admit(Asked next, PolicyVersion version) {
        Prompt prompt;
        try {
            prompt = prompts.decode(next.source.value());
        } catch (UnreadableRecordException e) {
            return refused(next, DeadLetters.UNREADABLE, e);
        }
        if (prompt.getId().isEmpty() || prompt.getText().isBlank()) {
            return refused(
                    next, "EMPTY", new IllegalArgumentException("the prompt has no id or no text"));
        }
        int[] tokens;
        try {
            tokens = version.tokenizer().encodePrompt(prompt.getText());
        } catch (PromptRefusedException e) {
            return refused(next, "CHAT_TEMPLATE", e);
        }
        int context = version.model().shape().maxPositions();
        if (tokens.length == 0) {
            return refused(next, "EMPTY", new IllegalArgumentException("the prompt has no token"));
        }
        if (tokens.length + settings.maxTokens() > context) {
            return refused(
                    next,
                    "TOO_LONG",
                    new IllegalArgumentException(
                            "the prompt has %d tokens; with %d for the completion that exceeds the policy's context of %d"
                                    .formatted(tokens.length, settings.maxTokens(), context)));
        }
        return Optional.of(new RolloutGroup(prompt, tokens, settings));
    }

    private Optional<RolloutGroup> refused(Asked asked, String code, Throwable cause) {
        asked.written = List.of(letter(asked.source, code, cause));
        return Optional.empty();
    }

    private List<ProducerRecord<byte[], byte[]>> records(
            Asked asked, Begun sampled, List<Long> versions, Tokenizer tokenizer) {
        List<ProducerRecord<byte[], byte[]>> group = new ArrayList<>();
        try {
            for (Rollout rollout :
                    sampled.group().rollouts(sampled.samples(), versions, tokenizer)) {
                group.add(record(rollout));
            }
        } catch (OversizedRecordException e) {
            return List.of(letter(asked.source, DeadLetters.TOO_LARGE, e));
        }
        return group;
    }

    private ProducerRecord<byte[], byte[]> record(Rollout rollout) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(
                        connection.name(Topic.ROLLOUTS),
                        rollout.getPromptId().getBytes(StandardCharsets.UTF_8),
                        rollouts.encode(rollout));
        record.headers()
                .add(
                        new RecordHeader(
                                "rlaif-policy-version",
                                Long.toString(oldestVersion(rollout))
                                        .getBytes(StandardCharsets.UTF_8)));
        return record;
    }

    private static long oldestVersion(Rollout rollout) {
        return rollout.getPolicyVersions().stream()
                .mapToLong(VersionRange::getVersion)
                .min()
                .orElseThrow();
    }

    private ProducerRecord<byte[], byte[]> letter(
            ConsumerRecord<byte[], byte[]> source, String code, Throwable cause) {
        return DeadLetters.of(connection, Topic.PROMPTS, source, STAGE, code, 1, cause);
    }
}

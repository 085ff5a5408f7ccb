package rlaif.producers;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import rlaif.events.Prompt;
import rlaif.events.Rollout;
import rlaif.events.VersionRange;
import rlaif.models.PromptRefusedException;
import rlaif.models.Sampler;
import rlaif.models.SamplingSettings;
import rlaif.topics.Codec;
import rlaif.topics.Connection;
import rlaif.topics.DeadLetters;
import rlaif.topics.OversizedRecordException;
import rlaif.topics.Topic;
import rlaif.topics.UnreadableRecordException;

/// Prompts that are sampled together, on their way to rollouts or dead letters.
///
/// Owned by the thread that computes.
final class RolloutBatch {
    /// The role, as dead letters name it.
    private static final String STAGE = "rollouts";

    private final Connection connection;
    private final Codec<Prompt> prompts;
    private final Codec<Rollout> rollouts;
    private final RolloutSettings settings;
    private final ServedPolicy policy;
    private final Decoding decoding;
    private final List<Accepted> accepted = new ArrayList<>();
    private final List<ProducerRecord<byte[], byte[]>> written = new ArrayList<>();

    /// How requests become samples.
    @FunctionalInterface
    interface Decoding {
        ServedPolicy.Sampled sample(List<Sampler.Request> requests, SamplingSettings settings);
    }

    private record Accepted(ConsumerRecord<byte[], byte[]> source, RolloutGroup group) {}

    RolloutBatch(
            Connection connection,
            Codec<Prompt> prompts,
            Codec<Rollout> rollouts,
            RolloutSettings settings,
            ServedPolicy policy,
            Decoding decoding) {
        this.connection = connection;
        this.prompts = prompts;
        this.rollouts = rollouts;
        this.settings = settings;
        this.policy = policy;
        this.decoding = decoding;
    }

    /// What one transaction writes for `records`: a whole group or a dead letter for each.
    List<ProducerRecord<byte[], byte[]>> sample(Iterable<ConsumerRecord<byte[], byte[]>> records) {
        records.forEach(this::admit);
        if (accepted.isEmpty()) {
            return written;
        }
        ServedPolicy.Sampled sampled =
                decoding.sample(
                        accepted.stream().flatMap(a -> a.group().requests().stream()).toList(),
                        new SamplingSettings(settings.temperature(), settings.maxTokens()));
        int n = settings.groupSize();
        for (int i = 0; i < accepted.size(); i++) {
            write(
                    accepted.get(i),
                    sampled.samples().subList(i * n, (i + 1) * n),
                    sampled.versions());
        }
        return written;
    }

    private void admit(ConsumerRecord<byte[], byte[]> source) {
        Prompt prompt;
        try {
            prompt = prompts.decode(source.value());
        } catch (UnreadableRecordException e) {
            refuse(source, DeadLetters.UNREADABLE, e);
            return;
        }
        if (prompt.getId().isEmpty() || prompt.getText().isBlank()) {
            refuse(
                    source,
                    "EMPTY",
                    new IllegalArgumentException("the prompt has no id or no text"));
            return;
        }
        int[] tokens;
        try {
            tokens = policy.version().tokenizer().encodePrompt(prompt.getText());
        } catch (PromptRefusedException e) {
            refuse(source, "CHAT_TEMPLATE", e);
            return;
        }
        int context = policy.version().model().shape().maxPositions();
        if (tokens.length == 0) {
            refuse(source, "EMPTY", new IllegalArgumentException("the prompt has no token"));
        } else if (tokens.length + settings.maxTokens() > context) {
            refuse(
                    source,
                    "TOO_LONG",
                    new IllegalArgumentException(
                            "the prompt has %d tokens; with %d for the completion that exceeds the policy's context of %d"
                                    .formatted(tokens.length, settings.maxTokens(), context)));
        } else {
            accepted.add(new Accepted(source, new RolloutGroup(prompt, tokens, settings)));
        }
    }

    private void write(Accepted accepted, List<Sampler.Sample> samples, List<Long> versions) {
        List<ProducerRecord<byte[], byte[]>> group = new ArrayList<>();
        try {
            for (Rollout rollout :
                    accepted.group().rollouts(samples, versions, policy.version().tokenizer())) {
                group.add(record(rollout));
            }
        } catch (OversizedRecordException e) {
            refuse(accepted.source(), DeadLetters.TOO_LARGE, e);
            return;
        }
        written.addAll(group);
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

    private void refuse(ConsumerRecord<byte[], byte[]> source, String code, Throwable cause) {
        written.add(DeadLetters.of(connection, Topic.PROMPTS, source, STAGE, code, 1, cause));
    }
}

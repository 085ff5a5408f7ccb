package rlaif.monitor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import rlaif.events.Candidate;
import rlaif.events.Preference;
import rlaif.events.VersionRange;
import rlaif.topics.Codec;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Topic;
import rlaif.topics.UnreadableRecordException;

/// The preferences as JSON lines for other trainers: TRL's `prompt`, `chosen` and `rejected`, then
/// where each came from.
///
/// Lines stand in order of partition, then offset, up to where the topic ended at the start, so
/// that the same log gives the same file; a preference that a later one took the place of has none.
/// `chosen` is `first` from a probability of 1/2 upwards; at exactly 1/2 `tie` is true and the
/// choice means nothing.
public final class PreferenceExport {
    private static final JsonMapper JSON = new JsonMapper();

    private final Connection connection;
    private final Codec<Preference> preferences;

    public PreferenceExport(Connection connection, Codecs codecs) {
        this.connection = connection;
        this.preferences = codecs.codec(Topic.PREFERENCES);
    }

    /// What was written.
    ///
    /// @param ties lines whose choice means nothing
    /// @param superseded records without a line, since a later one took their place, or says that
    ///   they were taken back
    /// @param skipped records that could not be read or carry no probability
    public record Written(long lines, long ties, long superseded, long skipped) {
        private static final Written NOTHING = new Written(0, 0, 0, 0);
        private static final Written SUPERSEDED = new Written(0, 0, 1, 0);
        private static final Written SKIPPED = new Written(0, 0, 0, 1);

        Written and(Written more) {
            return new Written(
                    lines + more.lines,
                    ties + more.ties,
                    superseded + more.superseded,
                    skipped + more.skipped);
        }
    }

    /// Writes one line for each preference in force.
    public Written write(Appendable out) {
        Set<String> superseded = superseded();
        Written[] total = {Written.NOTHING};
        try (TopicReading reading = new TopicReading(connection)) {
            reading.read(
                    connection.name(Topic.PREFERENCES),
                    true,
                    record -> total[0] = total[0].and(write(record, superseded, out)));
        }
        return total[0];
    }

    /// Ids of preferences that later ones took the place of.
    private Set<String> superseded() {
        Set<String> superseded = new HashSet<>();
        try (TopicReading reading = new TopicReading(connection)) {
            reading.read(
                    connection.name(Topic.PREFERENCES),
                    true,
                    record -> {
                        try {
                            String before = preferences.decode(record.value()).getSupersedes();
                            if (before != null) {
                                superseded.add(before);
                            }
                        } catch (UnreadableRecordException e) {
                            // counted when its line would be written
                        }
                    });
        }
        return superseded;
    }

    private Written write(
            ConsumerRecord<byte[], byte[]> record, Set<String> superseded, Appendable out) {
        Preference preference;
        try {
            preference = preferences.decode(record.value());
        } catch (UnreadableRecordException e) {
            return Written.SKIPPED;
        }
        if (superseded.contains(preference.getId())) {
            return Written.SUPERSEDED;
        }
        Double firstProbability = preference.getFirstProbability();
        if (firstProbability == null) {
            return preference.getSupersedes() == null ? Written.SKIPPED : Written.SUPERSEDED;
        }
        try {
            ObjectNode line = line(preference, firstProbability);
            line.put("partition", record.partition()).put("offset", record.offset());
            out.append(JSON.writeValueAsString(line)).append('\n');
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a preference is always JSON: " + preference, e);
        } catch (IOException e) {
            throw new UncheckedIOException("the export cannot be written", e);
        }
        return new Written(1, firstProbability == 0.5 ? 1 : 0, 0, 0);
    }

    static ObjectNode line(Preference preference, double firstProbability) {
        boolean isFirst = firstProbability >= 0.5;
        Candidate chosen = isFirst ? preference.getFirst() : preference.getSecond();
        Candidate rejected = isFirst ? preference.getSecond() : preference.getFirst();
        ObjectNode line =
                JSON.createObjectNode()
                        .put("prompt", preference.getPrompt())
                        .put("chosen", chosen.getCompletion())
                        .put("rejected", rejected.getCompletion())
                        .put("chosenProbability", isFirst ? firstProbability : 1 - firstProbability)
                        .put("tie", firstProbability == 0.5)
                        .put("id", preference.getId())
                        .put("pairId", preference.getPairId())
                        .put("promptId", preference.getPromptId())
                        .put("groupId", preference.getGroupId())
                        .put("chosenRolloutId", chosen.getRolloutId())
                        .put("rejectedRolloutId", rejected.getRolloutId());
        line.set("chosenPolicyVersions", versions(chosen));
        line.set("rejectedPolicyVersions", versions(rejected));
        return line.put("category", preference.getCategory())
                .put("policy", preference.getPolicy())
                .put("source", preference.getSource().name())
                .put("judge", preference.getJudge())
                .put("judgeModel", preference.getJudgeModel())
                .put("templateHash", preference.getTemplateHash())
                .put("constitutionId", preference.getConstitutionId())
                .put("constitutionVersion", preference.getConstitutionVersion())
                .put("principle", preference.getPrinciple());
    }

    /// Policy versions that sampled the completion, in token order.
    private static ArrayNode versions(Candidate candidate) {
        ArrayNode versions = JSON.createArrayNode();
        candidate.getPolicyVersions().stream().map(VersionRange::getVersion).forEach(versions::add);
        return versions;
    }
}

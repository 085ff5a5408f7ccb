package rlaif.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class TopicTest {
    @Test
    void topicsStandInTheOrderOfTheFlow() {
        assertThat(Arrays.stream(Topic.values()).map(Topic::shortName))
                .containsExactly(
                        "prompts",
                        "rollouts",
                        "revisions",
                        "pairs",
                        "judgments",
                        "human-labels",
                        "preferences",
                        "label-stats",
                        "scored-rollouts",
                        "checkpoints",
                        "training-steps",
                        "constitutions",
                        "role-starts");
    }

    @Test
    void recordTopicsShareACountAndAnnouncementsHaveOnePartition() {
        Layout layout = new Layout(7, (short) 3);
        assertThat(
                        Arrays.stream(Topic.values())
                                .filter(topic -> !topic.isSinglePartition())
                                .map(topic -> topic.partitions(layout)))
                .hasSize(9)
                .containsOnly(7);
        assertThat(
                        Arrays.stream(Topic.values())
                                .filter(Topic::isSinglePartition)
                                .map(topic -> topic.partitions(layout)))
                .hasSize(4)
                .containsOnly(1);
    }

    @Test
    void recordsAreKeptThirtyDaysAndAnnouncementsForEver() {
        assertThat(Topic.PAIRS.settings(Layout.CLUSTER))
                .containsEntry("retention.ms", "2592000000")
                .containsEntry("compression.type", "zstd")
                .containsEntry("max.message.bytes", "8388608")
                .containsEntry("min.insync.replicas", "2");
        assertThat(Topic.CHECKPOINTS.settings(Layout.EMBEDDED))
                .containsEntry("retention.ms", "-1")
                .containsEntry("min.insync.replicas", "1");
        assertThat(Topic.PAIRS.deadLetterSettings(Layout.CLUSTER))
                .containsEntry("max.message.bytes", "9437184");
    }

    @Test
    void everyTopicHasAWriterAndAReader() {
        for (Topic topic : Topic.values()) {
            assertThat(topic.writers()).as(topic.shortName()).isNotEmpty();
            assertThat(topic.readers()).as(topic.shortName()).contains(Role.MONITOR);
        }
    }

    @Test
    void aLayoutWithoutPartitionsOrCopiesIsRefused() {
        assertThatThrownBy(() -> new Layout(0, (short) 1)).hasMessageContaining("not 0");
        assertThatThrownBy(() -> new Layout(1, (short) 0)).hasMessageContaining("not 0");
    }

    @Test
    void theJudgesRightsAreThese() {
        Connection connection =
                new Connection(Connection.to("b:1", "http://r:2").settings(), "dev");
        assertThat(
                        Acl.of(Role.JUDGE, connection).stream()
                                .map(Acl::line)
                                .collect(Collectors.joining("\n")))
                .isEqualTo(
                        """
                        --add --allow-principal User:judge --operation Read --operation Describe --topic dev.rlaif.rollouts.v1
                        --add --allow-principal User:judge --operation Write --operation Describe --topic dev.rlaif.rollouts.v1.dlq
                        --add --allow-principal User:judge --operation Read --operation Describe --topic dev.rlaif.pairs.v1
                        --add --allow-principal User:judge --operation Write --operation Describe --topic dev.rlaif.pairs.v1.dlq
                        --add --allow-principal User:judge --operation Write --operation Describe --topic dev.rlaif.pairs.v1
                        --add --allow-principal User:judge --operation Read --operation Describe --topic dev.rlaif.judgments.v1
                        --add --allow-principal User:judge --operation Write --operation Describe --topic dev.rlaif.judgments.v1.dlq
                        --add --allow-principal User:judge --operation Write --operation Describe --topic dev.rlaif.judgments.v1
                        --add --allow-principal User:judge --operation Read --operation Describe --topic dev.rlaif.human-labels.v1
                        --add --allow-principal User:judge --operation Write --operation Describe --topic dev.rlaif.human-labels.v1.dlq
                        --add --allow-principal User:judge --operation Write --operation Describe --topic dev.rlaif.preferences.v1
                        --add --allow-principal User:judge --operation Read --operation Describe --topic dev.rlaif.constitutions.v1
                        --add --allow-principal User:judge --operation Write --operation Describe --topic dev.rlaif.constitutions.v1.dlq
                        --add --allow-principal User:judge --operation Write --operation Describe --topic dev.rlaif.role-starts.v1
                        --add --allow-principal User:judge --operation Read --operation Describe --group dev.rlaif-judge --resource-pattern-type prefixed
                        --add --allow-principal User:judge --operation Write --operation Describe --transactional-id dev.rlaif-judge --resource-pattern-type prefixed
                        --add --allow-principal User:judge --operation Create --operation Read --operation Write --operation Describe --operation Delete --topic dev.rlaif-judge- --resource-pattern-type prefixed\
                        """);
    }
}

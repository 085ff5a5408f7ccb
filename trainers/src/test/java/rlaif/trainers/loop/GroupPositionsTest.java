package rlaif.trainers.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/// What a trainer reads from its group's positions.
class GroupPositionsTest {

    @Test
    void aPolicyThatMeetsAnothersPositionsIsRefusedAndToldWhatToDo() {
        GroupPositions others = positions(new PositionNote("chat v2", 4).metadata());
        assertThatThrownBy(() -> others.requireOf("summaries", "rlaif-train-ppo"))
                .isInstanceOf(SecondPolicyException.class)
                .hasMessage(
                        "policy 'summaries' cannot be trained here: group rlaif-train-ppo has gone on with policy 'chat v2', and the topics of one prefix serve one policy. Give policy 'summaries' a topics.prefix of its own");
        assertThatNoException().isThrownBy(() -> others.requireOf("chat v2", "rlaif-train-ppo"));
    }

    @Test
    void positionsWithoutANoteAreAnybodys() {
        GroupPositions first = positions("");
        assertThat(first.note()).isEmpty();
        assertThatNoException().isThrownBy(() -> first.requireOf("chat", "rlaif-train-ppo"));
    }

    private static GroupPositions positions(String metadata) {
        return GroupPositions.of(
                Map.of(new TopicPartition("topic", 0), new OffsetAndMetadata(3, metadata)));
    }
}

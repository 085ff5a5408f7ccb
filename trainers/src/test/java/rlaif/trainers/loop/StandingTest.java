package rlaif.trainers.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.events.OffsetRange;
import rlaif.topics.Topic;

/// Where a run stands, before and after a restart.
class StandingTest {
    private static final String TOPIC = "rlaif.preferences.v1";

    @Test
    void aRunBeginsAtStepZeroOfGenerationZero() {
        Standing first = Standing.first("run", positions(5, 7));
        assertThat(first.step()).isZero();
        assertThat(first.generation()).isZero();
        assertThat(first.positions()).isEqualTo(positions(5, 7));
    }

    @Test
    void aBatchMovesThePositionsAndKeepsTheFirstOffset() {
        Standing later = Standing.first("run", positions(5, 7)).advance(batch(0, 6, 9));
        assertThat(later.step()).isEqualTo(1);
        assertThat(later.positions()).isEqualTo(positions(9, 7));
        assertThat(later.consumed().get(0)).isEqualTo(new Batch.Offsets(5, 9));
    }

    @Test
    void aRestartGoesOnInTheNextGenerationFromWhatTheCheckpointNames() {
        Standing before = Standing.first("run", positions(5, 7)).advance(batch(1, 7, 20));
        Standing after = Standing.after(announced(before), TOPIC, committed(5, 20, ""));
        assertThat(after)
                .isEqualTo(new Standing("run", before.generation() + 1, 1, before.consumed()));
    }

    @Test
    void aGroupThatCommittedSomethingElseIsRefused() {
        Checkpoint head =
                announced(Standing.first("run", positions(5, 7)).advance(batch(1, 7, 20)));
        assertThatThrownBy(() -> Standing.after(head, TOPIC, committed(5, 21, "")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("version 3")
                .hasMessageContaining("up to offset 20")
                .hasMessageContaining("committed 21");
    }

    @Test
    void recordsPassedOverSinceTheCheckpointStayConsumed() {
        Standing before = Standing.first("run", positions(5, 7)).advance(batch(1, 7, 20));
        Standing after =
                Standing.after(
                        announced(before), TOPIC, committed(5, 31, "version 2 of policy policy"));
        assertThat(after.step()).isEqualTo(1);
        assertThat(after.positions()).isEqualTo(positions(5, 31));
        assertThat(after.consumed().get(1)).isEqualTo(new Batch.Offsets(7, 31));
    }

    @Test
    void positionsBeforeTheCheckpointOrOfALaterVersionOrOfAnotherPolicyAreRefused() {
        Checkpoint head =
                announced(Standing.first("run", positions(5, 7)).advance(batch(1, 7, 20)));
        for (GroupPositions other :
                List.of(
                        committed(5, 19, "version 3 of policy policy"),
                        committed(5, 31, "version 4 of policy policy"),
                        committed(5, 31, "version 2 of policy other"))) {
            assertThatThrownBy(() -> Standing.after(head, TOPIC, other))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("up to offset 20");
        }
    }

    @Test
    void aCheckpointOfAnotherTopicIsNoStepOfThisTrainer() {
        Checkpoint head = announced(Standing.first("run", positions(5, 7)));
        assertThat(Standing.isOf(TOPIC, head)).isTrue();
        assertThat(Standing.isOf("rlaif.scored-rollouts.v1", head)).isFalse();
    }

    @Test
    void aRunThatAnotherTrainerHasInterruptedIsCountedOn() {
        try (Announcements announcements = new Announcements()) {
            TrainerIdentity identity =
                    TrainerIdentity.of(
                            "policy",
                            CheckpointRole.REWARD_MODEL,
                            "train-ppo",
                            Topic.PREFERENCES,
                            1);
            Lineage lineage =
                    new Lineage(announcements.follower, "policy", CheckpointRole.REWARD_MODEL);
            Checkpoint mine =
                    announced(new Standing(identity.run(), 2, 35, consumed(positions(5, 7))));
            Checkpoint others = announced(Standing.first("other", positions(0, 0)));
            others.setVersion(4L);
            others.setConsumed(List.of(new OffsetRange("rlaif.scored-rollouts.v1", 0, 0L, 9L)));
            announcements.announce(mine);
            announcements.announce(others);

            Standing standing =
                    Standing.at(lineage.head(), lineage, identity, TOPIC, committed(6, 8, ""));

            assertThat(standing)
                    .isEqualTo(new Standing(identity.run(), 3, 35, consumed(positions(6, 8))));
            assertThat(lineage.newestOf(TOPIC, 4)).contains(mine);
            assertThat(lineage.newestOf(TOPIC, 2)).isEmpty();
        }
    }

    @Test
    void aManifestDoesNotSayWhetherAKillFollowedWhatWasPassedOverBeforeTheFirstVersion() {
        TrainerIdentity identity =
                TrainerIdentity.of(
                        "policy",
                        CheckpointRole.REWARD_MODEL,
                        "train-reward-model",
                        Topic.PREFERENCES,
                        1);
        Standing undisturbed =
                Standing.first("run", positions(0, 0))
                        .passOver(batch(0, 0, 5))
                        .advance(batch(0, 5, 9));
        Standing killed = Standing.first("run", positions(5, 0)).advance(batch(0, 5, 9));
        assertThat(ManifestFacts.of(identity, 0, killed, Map.of()))
                .isEqualTo(ManifestFacts.of(identity, 0, undisturbed, Map.of()));
    }

    private static SortedMap<Integer, Batch.Offsets> consumed(SortedMap<Integer, Long> positions) {
        return Standing.first("run", positions).consumed();
    }

    private static Checkpoint announced(Standing standing) {
        List<OffsetRange> consumed = Standing.ranges(TOPIC, standing.consumed());
        return Checkpoint.newBuilder()
                .setPolicy("policy")
                .setRole(CheckpointRole.REWARD_MODEL)
                .setVersion(3)
                .setRun(standing.run())
                .setGeneration(standing.generation())
                .setStep(standing.step())
                .setConsumed(consumed)
                .build();
    }

    private static Batch<String> batch(int partition, long from, long to) {
        SortedMap<Integer, Batch.Offsets> consumed = new TreeMap<>();
        consumed.put(partition, new Batch.Offsets(from, to));
        return new Batch<>(List.of(), List.of(), List.of(), Map.of(), consumed);
    }

    private static GroupPositions committed(long first, long second, String note) {
        return GroupPositions.of(
                Map.of(
                        new TopicPartition(TOPIC, 0), new OffsetAndMetadata(first, note),
                        new TopicPartition(TOPIC, 1), new OffsetAndMetadata(second, note)));
    }

    private static SortedMap<Integer, Long> positions(long first, long second) {
        return new TreeMap<>(Map.of(0, first, 1, second));
    }
}

package rlaif.trainers.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;

/// The announced versions of a policy.
@Timeout(30)
class LineageTest {
    private static final String POLICY = "policy";
    private static final String TRAINER = "train-ppo";
    private static final String OPERATOR = "operator";

    private final Announcements announcements = new Announcements();
    private final Lineage lineage =
            new Lineage(announcements.follower, POLICY, CheckpointRole.POLICY);

    @AfterEach
    void close() {
        announcements.close();
    }

    @Test
    void anOperatorIsWaitedForThatFencesATrainerAMomentBeforeItAnnounces() {
        announce(0, TRAINER);
        announce(1, TRAINER); // by the trainer itself, since its start
        CompletableFuture<Void> operator =
                CompletableFuture.runAsync(
                        () -> announce(2, OPERATOR),
                        CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS));
        assertThat(lineage.operatorFollows(0)).isTrue();
        operator.join();
    }

    @Test
    void aVersionOfAnotherTrainerIsNoOperators() {
        announce(0, OPERATOR);
        announce(1, TRAINER);
        assertThat(lineage.operatorFollowed(-1)).isFalse();
    }

    @Test
    void aTrainerThatIsNotTheHeadAnyMoreSaysWhatItWentOnFrom() {
        announce(0, TRAINER);
        announce(1, OPERATOR);
        assertThatThrownBy(() -> lineage.requireHead(OptionalLong.of(0)))
                .isInstanceOfSatisfying(
                        FencedTrainerException.class,
                        fenced -> assertThat(fenced.goesOnFrom()).isZero())
                .hasMessageContaining("goes on from version 0");
    }

    private void announce(long version, String by) {
        announcements.announce(
                Checkpoint.newBuilder()
                        .setPolicy(POLICY)
                        .setRole(CheckpointRole.POLICY)
                        .setVersion(version)
                        .setRun("run")
                        .setGeneration(0)
                        .setUri("policy/%d-0123456789ab".formatted(version))
                        .setDigest("digest")
                        .setAnnouncedBy(by)
                        .build());
    }
}

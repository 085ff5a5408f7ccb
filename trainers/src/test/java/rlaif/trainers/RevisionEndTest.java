package rlaif.trainers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.models.CheckpointRefusedException;
import rlaif.topics.Topic;
import rlaif.trainers.loop.Batch;
import rlaif.trainers.loop.Pace;
import rlaif.trainers.sft.SupervisedExample;

/// The version that SL-CAI ends with, which what follows knows by its number.
class RevisionEndTest {
    private static final int BATCH = 2;

    /// Three versions of two steps each.
    private static final RevisionTrainer.Settings SETTINGS =
            new RevisionTrainer.Settings(
                    TestEvents.POLICY, 9, BATCH, 12, 4, TrainedRounds.ALL, 0, 1e-3, 1, Pace.live());

    @TempDir private Path folder;

    @Test
    void theLastNumberIsKeptForTheEndThoughARollbackHasTakenOneBeforeIt() {
        List<Long> awaited = new ArrayList<>();
        try (FirstPolicy policy = FirstPolicy.in(folder)) {
            Checkpoint restored = Checkpoint.newBuilder(policy.announced()).setVersion(2).build();
            try (RevisionLearner learner =
                    RevisionLearner.at(
                            restored,
                            false,
                            SETTINGS,
                            policy.staging(
                                    CheckpointRole.POLICY,
                                    RevisionTrainer.TRAINER,
                                    Topic.REVISIONS,
                                    Footprint.whole()),
                            Collections::emptyIterator,
                            new RevisionTrainer.Progress() {
                                @Override
                                public void stepped(long revisions, long all, double loss) {}

                                @Override
                                public void awaits(long revisions) {
                                    awaited.add(revisions);
                                }
                            })) {
                assertThat(awaited).containsExactly(12L);
                for (int step = 1; step <= 6; step++) {
                    assertThat(learner.checkpointDue()).as("before step %d", step).isFalse();
                    learner.learn(step, batch());
                }
                assertThat(learner.finished()).isTrue();
                assertThat(learner.checkpointDue()).isTrue();
                learner.announced(Checkpoint.newBuilder(restored).setVersion(3).build());
                assertThat(awaited).containsExactly(12L, 0L);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 4", "1, 4, 4", "2, 8, 4", "2, 4, 8", "2, 0, 12", "3, 12, 0"})
    void theNextVersionAwaitsItsShareAndTheLastOneAllThatAreLeft(
            long version, long trained, long awaited) {
        assertThat(SETTINGS.awaited(version, trained)).isEqualTo(awaited);
    }

    @Test
    void aVersionAwaitsWholeSteps() {
        RevisionTrainer.Settings uneven =
                new RevisionTrainer.Settings(
                        TestEvents.POLICY, 9, 4, 10, 5, TrainedRounds.ALL, 0, 1e-3, 1, Pace.live());
        assertThat(uneven.awaited(0, 0)).isEqualTo(8);
        assertThat(uneven.awaited(1, 8)).isEqualTo(4);
        assertThat(uneven.awaited(2, 12)).isZero();
    }

    @Test
    void aVersionOfAStreamThatDoesNotSayWhoAnnouncedItIsTakenForItsTrainers() {
        assertThatCode(() -> SETTINGS.requireOwn(announced("", null))).doesNotThrowAnyException();
    }

    @Test
    void aVersionUnderTheLastNumberThatSlCaiHasNotEndedWithIsRefused() {
        assertThat(SETTINGS.lastVersion()).isEqualTo(3);
        assertThatCode(() -> SETTINGS.requireOwn(announced(RevisionTrainer.TRAINER, null)))
                .doesNotThrowAnyException();
        for (Checkpoint other :
                List.of(announced("operator", 1L), announced(RevisionTrainer.TRAINER, 1L))) {
            assertThatThrownBy(() -> SETTINGS.requireOwn(other))
                    .isInstanceOf(CheckpointRefusedException.class)
                    .hasMessageContaining("was to end with version 3, which ")
                    .hasMessageContaining("with the weights of version 1")
                    .hasMessageContaining("slCai.revisionsPerCheckpoint");
        }
    }

    private static Checkpoint announced(String by, @Nullable Long restores) {
        return Checkpoint.newBuilder()
                .setPolicy(TestEvents.POLICY)
                .setRole(CheckpointRole.POLICY)
                .setVersion(3)
                .setRun("run")
                .setGeneration(0)
                .setAnnouncedBy(by)
                .setRestores(restores)
                .build();
    }

    private static Batch<AcceptedRevision> batch() {
        AcceptedRevision revision =
                new AcceptedRevision(
                        List.of(new SupervisedExample(new int[] {2, 3}, new int[] {4, 5})));
        return new Batch<>(
                Collections.nCopies(BATCH, revision),
                List.of(),
                List.of(),
                Map.of(),
                new TreeMap<>());
    }
}

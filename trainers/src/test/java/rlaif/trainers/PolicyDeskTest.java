package rlaif.trainers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.trainers.loop.Announcements;
import rlaif.trainers.loop.FencedTrainerException;

/// An operator's announcements, where the broker's word on their commit is the last that is heard.
class PolicyDeskTest {
    @TempDir private Path folder;

    /// A producer that is told that it was fenced, whatever became of its commit.
    private static final class Fenced extends MockProducer<byte[], byte[]> {
        private final Announcements announcements;
        private final boolean commits;

        Fenced(Announcements announcements, boolean commits) {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
            this.announcements = announcements;
            this.commits = commits;
        }

        @Override
        public void commitTransaction() {
            super.commitTransaction();
            if (commits) {
                history().stream().map(ProducerRecord::value).forEach(announcements::announce);
            }
            throw new ProducerFencedException("a newer one has started");
        }
    }

    @Test
    void aVersionThatIsAnnouncedThoughItsPublisherWasFencedKeepsItsFiles() {
        try (Announcements announcements = new Announcements();
                FirstPolicy policy = FirstPolicy.in(folder);
                PolicyDesk desk = desk(announcements, policy, true)) {
            announcements.announce(first(policy));

            Checkpoint back = desk.rollback(0);

            assertThat(back.getVersion()).isEqualTo(1);
            assertThat(announcements.follower.all()).hasSize(2);
            assertThat(policy.open(back)).isDirectory();
        }
    }

    @Test
    void aVersionThatWasNeverAnnouncedLeavesNoFilesBehind() {
        try (Announcements announcements = new Announcements();
                FirstPolicy policy = FirstPolicy.in(folder);
                PolicyDesk desk = desk(announcements, policy, false)) {
            announcements.announce(first(policy));

            assertThatThrownBy(() -> desk.rollback(0)).isInstanceOf(FencedTrainerException.class);

            assertThat(folder.resolve("checkpoints/policy"))
                    .isDirectoryNotContaining("glob:**/1-*");
        }
    }

    private static PolicyDesk desk(
            Announcements announcements, FirstPolicy policy, boolean commits) {
        return new PolicyDesk(
                announcements.connection,
                announcements.codecs,
                policy.store(),
                TestEvents.POLICY,
                CheckpointRole.POLICY,
                announcements.follower,
                _ -> new Fenced(announcements, commits));
    }

    private static Checkpoint first(FirstPolicy policy) {
        return Checkpoint.newBuilder()
                .setPolicy(TestEvents.POLICY)
                .setRole(CheckpointRole.POLICY)
                .setVersion(0)
                .setRun("run")
                .setGeneration(0)
                .setUri(policy.announced().getUri())
                .setDigest(policy.announced().getDigest())
                .setAnnouncedBy("train-sft")
                .build();
    }
}

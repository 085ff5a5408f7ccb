package rlaif.trainers.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.models.CheckpointStore;
import rlaif.topics.Topic;

/// What a trainer finds in its store at its start.
class KeptFilesTest {
    private static final String POLICY = "policy";

    @TempDir private Path folder;

    private final Announcements announcements = new Announcements();
    private final Lineage lineage =
            new Lineage(announcements.follower, POLICY, CheckpointRole.POLICY);
    private final TrainerIdentity identity =
            TrainerIdentity.of(
                    POLICY, CheckpointRole.POLICY, "train-ppo", Topic.SCORED_ROLLOUTS, 1);
    private String owner = "";

    @BeforeEach
    void own() {
        owner = identity.transactionalId(announcements.connection);
    }

    @AfterEach
    void close() {
        announcements.close();
    }

    @Test
    void whatAKillLeftUnannouncedIsDeletedAndNothingElse() throws IOException {
        Path announced = staged("3-0123456789ab", owner);
        Path killed = staged("4-0123456789ab", owner);
        Path anothers = staged("5-0123456789ab", "staging." + owner);
        Path unmarked = Files.createDirectories(folder.resolve("policy/6-0123456789ab"));
        announce(3, "policy/3-0123456789ab");

        new KeptFiles(new CheckpointStore(folder).stagedBy(owner), lineage, Retention.DEFAULT)
                .tidy(identity);

        assertThat(announced).isDirectory();
        assertThat(killed).doesNotExist();
        assertThat(anothers).isDirectory();
        assertThat(unmarked).isDirectory();
        assertThat(folder.resolve("policy"))
                .isDirectoryNotContaining("glob:**/.staged-3*")
                .isDirectoryNotContaining("glob:**/.staged-4*");
    }

    private Path staged(String name, String by) throws IOException {
        Path version = Files.createDirectories(folder.resolve("policy").resolve(name));
        Files.writeString(version.resolveSibling(".staged-" + name), by);
        return version;
    }

    private void announce(long version, String uri) {
        announcements.announce(
                Checkpoint.newBuilder()
                        .setPolicy(POLICY)
                        .setRole(CheckpointRole.POLICY)
                        .setVersion(version)
                        .setUri(uri)
                        .setDigest("0123456789ab")
                        .build());
    }
}

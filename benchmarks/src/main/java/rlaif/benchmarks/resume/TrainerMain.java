package rlaif.benchmarks.resume;

import java.nio.file.Path;
import rlaif.events.Checkpoint;
import rlaif.models.CheckpointStore;
import rlaif.topics.CheckpointFollower;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.trainers.Workshop;
import rlaif.trainers.loop.FencedTrainerException;

/// A trainer in a process of its own, until its last version is announced or it is killed; exit
/// code 4 where a newer one has taken over.
///
/// Arguments: trainer, bootstrap servers, registry URL, prefix, checkpoint store.
public final class TrainerMain {
    private static final int TAKEN_OVER = 4;

    private TrainerMain() {}

    public static void main(String[] arguments) {
        Trainer trainer = Trainer.valueOf(arguments[0]);
        Connection connection = TrainerProcess.connection(arguments[1], arguments[2], arguments[3]);
        try (Codecs codecs = new Codecs(connection);
                CheckpointFollower follower = new CheckpointFollower(connection, codecs)) {
            trainer.run(
                    new Workshop(connection, codecs, new CheckpointStore(Path.of(arguments[4]))),
                    () -> ended(trainer, follower));
        } catch (FencedTrainerException fenced) {
            System.out.println(fenced.getMessage());
            System.exit(TAKEN_OVER);
        }
    }

    private static boolean ended(Trainer trainer, CheckpointFollower follower) {
        follower.refresh();
        return follower.latest(Trainer.POLICY, trainer.role())
                .map(Checkpoint::getVersion)
                .filter(version -> version >= trainer.lastVersion())
                .isPresent();
    }
}

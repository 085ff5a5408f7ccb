package rlaif.trainers;

import java.nio.file.Path;
import rlaif.events.Checkpoint;
import rlaif.models.CheckpointStore;
import rlaif.models.Tokenizer;
import rlaif.topics.CheckpointFollower;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.trainers.loop.Pace;
import rlaif.trainers.loop.Retention;
import rlaif.trainers.loop.TrainerIdentity;
import rlaif.trainers.loop.TrainingSession;

/// What a trainer works with, whatever it trains: the stream, the store of checkpoints, and what it
/// may keep in memory and on disk.
///
/// @param footprint in memory; default {@link Footprint#whole}
/// @param retention which of its versions keep their files; default {@link Retention#DEFAULT}
public record Workshop(
        Connection connection,
        Codecs codecs,
        CheckpointStore store,
        Footprint footprint,
        Retention retention) {

    /// With the defaults above.
    public Workshop(Connection connection, Codecs codecs, CheckpointStore store) {
        this(connection, codecs, store, Footprint.whole(), Retention.DEFAULT);
    }

    /// The announced versions, which the caller closes.
    CheckpointFollower follower() {
        return new CheckpointFollower(connection, codecs);
    }

    /// The store, in which what this trainer writes counts as staged until it is announced.
    CheckpointStore storeOf(TrainerIdentity identity) {
        return store.stagedBy(identity.transactionalId(connection));
    }

    /// The folder of an announced checkpoint, every file of its model compared with its manifest.
    Path open(Checkpoint checkpoint) {
        return store.open(checkpoint.getUri(), checkpoint.getDigest());
    }

    /// What a trainer kept beside the model of an announced checkpoint, every file of both
    /// compared.
    Path trainerFiles(Checkpoint checkpoint) {
        return store.openWhole(checkpoint.getUri(), checkpoint.getDigest()).resolve("trainer");
    }

    /// The tokenizer of an announced checkpoint, which the caller closes.
    Tokenizer tokenizer(Checkpoint checkpoint) {
        return Tokenizer.load(open(checkpoint));
    }

    /// @param unitsPerBatch records or whole groups with something to train on
    TrainingSession session(
            CheckpointFollower follower, TrainerIdentity identity, int unitsPerBatch, Pace pace) {
        return new TrainingSession(
                connection, codecs, follower, store, identity, unitsPerBatch, pace, retention);
    }
}

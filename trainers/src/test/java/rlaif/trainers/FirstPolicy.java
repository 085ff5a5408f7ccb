package rlaif.trainers;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import rlaif.events.Checkpoint;
import rlaif.events.CheckpointRole;
import rlaif.models.CheckpointStore;
import rlaif.models.Tokenizer;
import rlaif.models.Transformer;
import rlaif.topics.Connection;
import rlaif.topics.Topic;
import rlaif.trainers.loop.Learner;
import rlaif.trainers.loop.Retention;
import rlaif.trainers.loop.Standing;
import rlaif.trainers.loop.TrainerIdentity;

/// A tiny policy as version 0 in a store of its own, and what a learner needs to go on from it
/// where there is no cluster.
record FirstPolicy(CheckpointStore store, Tokenizer tokenizer, Checkpoint announced)
        implements AutoCloseable {

    static FirstPolicy in(Path folder) {
        CheckpointStore store = new CheckpointStore(folder.resolve("checkpoints"));
        Tokenizer tokenizer = TestTokenizer.in(folder.resolve("tokenizer"));
        try (Transformer policy = TinyModels.policy(1)) {
            CheckpointStore.Stored stored =
                    store.save("policy", 0, policy, tokenizer, Map.of(), _ -> {});
            Checkpoint announced = new Checkpoint();
            announced.setUri(stored.uri());
            announced.setDigest(stored.digest());
            return new FirstPolicy(store, tokenizer, named(announced, CheckpointRole.POLICY, 0));
        }
    }

    /// As the loop completes what a learner has staged.
    static Checkpoint named(Checkpoint staged, CheckpointRole role, long version) {
        staged.setPolicy(TestEvents.POLICY);
        staged.setRole(role);
        staged.setVersion(version);
        return staged;
    }

    Path open(Checkpoint checkpoint) {
        return store.open(checkpoint.getUri(), checkpoint.getDigest());
    }

    Staging staging(CheckpointRole role, String trainer, Topic source, Footprint footprint) {
        return new Staging(
                new Workshop(
                        Connection.to("localhost:1", "mock://trainers"),
                        TestEvents.codecs(),
                        store,
                        footprint,
                        Retention.DEFAULT),
                TrainerIdentity.of(TestEvents.POLICY, role, trainer, source, 9),
                tokenizer);
    }

    /// Writes `version` of what `learner` trains, at the start of a run.
    static Checkpoint stage(Learner<?> learner, CheckpointRole role, long version) {
        return named(learner.stage(version, Standing.first("run", new TreeMap<>())), role, version);
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}

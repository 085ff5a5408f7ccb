package rlaif.trainers;

import rlaif.models.CheckpointStore;
import rlaif.topics.Connection;
import rlaif.trainers.loop.Retention;

/// What a learner works with where there is no cluster.
final class TestWorkshop {
    private TestWorkshop() {}

    static Workshop of(CheckpointStore store, Footprint footprint) {
        return new Workshop(
                Connection.to("localhost:1", "mock://trainers"),
                TestEvents.codecs(),
                store,
                footprint,
                Retention.DEFAULT);
    }
}

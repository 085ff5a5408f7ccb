package rlaif.processors;

import org.apache.kafka.streams.Topology;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Topic;

/// The wiring of `rlaif-score`: rollouts -> scored rollouts.
final class ScoreTopology {
    private ScoreTopology() {}

    static Topology of(
            Connection connection, Codecs codecs, NewestScorer scorers, ScoringSettings settings) {
        Topology topology = new Topology();
        Wiring.source(topology, connection, "rollouts-in", Topic.ROLLOUTS);
        topology.addProcessor(
                ScoringProcessor.NAME,
                () -> new ScoringProcessor(connection, codecs, scorers, settings),
                "rollouts-in");
        topology.addStateStore(WaitingStore.named(ScoringProcessor.STORE), ScoringProcessor.NAME);
        Wiring.sink(
                topology,
                ScoringProcessor.SCORED,
                connection.name(Topic.SCORED_ROLLOUTS),
                ScoringProcessor.NAME);
        Wiring.sink(
                topology,
                ScoringProcessor.REFUSED,
                connection.deadLetters(Topic.ROLLOUTS),
                ScoringProcessor.NAME);
        return topology;
    }
}

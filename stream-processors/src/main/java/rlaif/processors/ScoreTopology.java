package rlaif.processors;

import org.apache.kafka.streams.Topology;
import rlaif.judging.CompletionScoring;
import rlaif.judging.JudgeCalls;
import rlaif.judging.ScoringJudge;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Topic;

/// The wiring of `rlaif-score`: rollouts -> scored rollouts, by a reward model or by a judge.
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

    /// The same with the judge itself as scorer.
    static Topology direct(
            Connection connection,
            Codecs codecs,
            ScoringJudge judge,
            JudgeCalls calls,
            ConstitutionSource constitutions,
            Intake intake,
            DirectScoringSettings settings) {
        var scoring = new CompletionScoring(judge, calls);
        Topology topology = new Topology();
        Wiring.source(topology, connection, "rollouts-in", Topic.ROLLOUTS);
        topology.addProcessor(
                DirectScoringProcessor.NAME,
                () ->
                        new DirectScoringProcessor(
                                connection,
                                codecs,
                                judge,
                                scoring,
                                constitutions,
                                intake,
                                settings),
                "rollouts-in");
        topology.addStateStore(
                WaitingStore.named(DirectScoringProcessor.STORE), DirectScoringProcessor.NAME);
        topology.addStateStore(
                WaitingStore.named(DirectScoringProcessor.STAMPS), DirectScoringProcessor.NAME);
        topology.addStateStore(
                SpentStore.named(DirectScoringProcessor.SPENT), DirectScoringProcessor.NAME);
        Wiring.sink(
                topology,
                DirectScoringProcessor.SCORED,
                connection.name(Topic.SCORED_ROLLOUTS),
                DirectScoringProcessor.NAME);
        Wiring.sink(
                topology,
                DirectScoringProcessor.REFUSED,
                connection.deadLetters(Topic.ROLLOUTS),
                DirectScoringProcessor.NAME);
        return topology;
    }
}

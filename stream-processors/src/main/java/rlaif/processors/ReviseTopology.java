package rlaif.processors;

import org.apache.kafka.streams.Topology;
import rlaif.judging.JudgeCalls;
import rlaif.judging.revision.Reviser;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Topic;

/// The wiring of `rlaif-revise`: rollouts -> revisions.
final class ReviseTopology {
    private ReviseTopology() {}

    static Topology of(
            Connection connection,
            Codecs codecs,
            Reviser reviser,
            JudgeCalls calls,
            ConstitutionSource constitutions,
            Intake intake,
            ReviseSettings settings) {
        Topology topology = new Topology();
        Wiring.source(topology, connection, "rollouts-in", Topic.ROLLOUTS);
        topology.addProcessor(
                RevisingProcessor.NAME,
                () ->
                        new RevisingProcessor(
                                connection,
                                codecs,
                                reviser,
                                calls,
                                constitutions,
                                intake,
                                settings),
                "rollouts-in");
        topology.addStateStore(WaitingStore.named(RevisingProcessor.STORE), RevisingProcessor.NAME);
        topology.addStateStore(SpentStore.named(RevisingProcessor.SPENT), RevisingProcessor.NAME);
        Wiring.sink(
                topology,
                RevisingProcessor.REVISIONS,
                connection.name(Topic.REVISIONS),
                RevisingProcessor.NAME);
        Wiring.sink(
                topology,
                RevisingProcessor.REFUSED,
                connection.deadLetters(Topic.ROLLOUTS),
                RevisingProcessor.NAME);
        return topology;
    }
}

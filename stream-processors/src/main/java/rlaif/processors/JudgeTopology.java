package rlaif.processors;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.streams.Topology;
import rlaif.judging.Judge;
import rlaif.judging.WatchedJudging;
import rlaif.topics.Codecs;
import rlaif.topics.Connection;
import rlaif.topics.Topic;

/// The wiring of `rlaif-judge`: rollouts -> pairs, pairs -> judgments and preferences, judgments
/// and people's labels -> preferences.
final class JudgeTopology {
    private JudgeTopology() {}

    /// One sub-topology for each stage chosen; `pairs` is a topic between them, so that old pairs
    /// can be judged again, and `judgments`, so that they can be labelled again.
    static Topology of(
            Connection connection,
            Codecs codecs,
            JudgmentSource judgments,
            Judge judge,
            WatchedJudging judging,
            ConstitutionSource constitutions,
            Intake intake,
            JudgeStage.Settings settings) {
        Topology topology = new Topology();
        if (settings.stages().contains(JudgeStage.Part.PAIRING)) {
            addPairing(topology, connection, codecs, settings.pairing());
        }
        if (settings.stages().contains(JudgeStage.Part.JUDGING)) {
            addJudging(
                    topology,
                    connection,
                    codecs,
                    judge,
                    judging,
                    constitutions,
                    intake,
                    settings.judging());
        }
        if (settings.stages().contains(JudgeStage.Part.PREFERENCES)) {
            addPreferences(topology, connection, codecs, judgments, settings.preferences());
        }
        return topology;
    }

    /// Topics of its own prefix that the chosen stages read.
    static Set<Topic> sources(Set<JudgeStage.Part> stages) {
        return stages.stream()
                .flatMap(stage ->
                        switch (stage) {
                            case PAIRING -> Stream.of(Topic.ROLLOUTS);
                            case JUDGING -> Stream.of(Topic.PAIRS);
                            case PREFERENCES -> Stream.empty();
                        })
                .collect(Collectors.toSet());
    }

    private static void addPairing(
            Topology topology, Connection connection, Codecs codecs, PairingSettings settings) {
        Wiring.source(topology, connection, "rollouts-in", Topic.ROLLOUTS);
        topology.addProcessor(
                PairingProcessor.NAME,
                () -> new PairingProcessor(connection, codecs, settings),
                "rollouts-in");
        topology.addStateStore(WaitingStore.named(PairingProcessor.STORE), PairingProcessor.NAME);
        Wiring.sink(
                topology,
                PairingProcessor.PAIRS,
                connection.name(Topic.PAIRS),
                PairingProcessor.NAME);
        Wiring.sink(
                topology,
                PairingProcessor.REFUSED,
                connection.deadLetters(Topic.ROLLOUTS),
                PairingProcessor.NAME);
    }

    private static void addJudging(
            Topology topology,
            Connection connection,
            Codecs codecs,
            Judge judge,
            WatchedJudging judging,
            ConstitutionSource constitutions,
            Intake intake,
            JudgingSettings settings) {
        Wiring.source(topology, connection, "pairs-in", Topic.PAIRS);
        topology.addProcessor(
                JudgingProcessor.NAME,
                () ->
                        new JudgingProcessor(
                                connection,
                                codecs,
                                judge,
                                judging,
                                constitutions,
                                intake,
                                settings),
                "pairs-in");
        topology.addStateStore(WaitingStore.named(JudgingProcessor.STORE), JudgingProcessor.NAME);
        topology.addStateStore(SpentStore.named(JudgingProcessor.SPENT), JudgingProcessor.NAME);
        Wiring.sink(
                topology,
                JudgingProcessor.JUDGMENTS,
                connection.name(Topic.JUDGMENTS),
                JudgingProcessor.NAME);
        Wiring.sink(
                topology,
                JudgingProcessor.PREFERENCES,
                connection.name(Topic.PREFERENCES),
                JudgingProcessor.NAME);
        Wiring.sink(
                topology,
                JudgingProcessor.REFUSED,
                connection.deadLetters(Topic.PAIRS),
                JudgingProcessor.NAME);
    }

    private static void addPreferences(
            Topology topology,
            Connection connection,
            Codecs codecs,
            JudgmentSource read,
            PreferenceSettings settings) {
        boolean replays = !read.connection().prefix().equals(connection.prefix());
        Wiring.source(topology, read.connection(), "judgments-in", Topic.JUDGMENTS);
        if (replays) {
            Wiring.source(
                    topology,
                    read.connection(),
                    "human-labels-in",
                    Topic.HUMAN_LABELS,
                    new PeopleFirst());
        } else {
            Wiring.source(topology, read.connection(), "human-labels-in", Topic.HUMAN_LABELS);
        }
        topology.addProcessor(
                PreferenceProcessor.NAME,
                () ->
                        new PreferenceProcessor(
                                connection,
                                codecs,
                                read.connection(),
                                read.codecs(),
                                settings,
                                replays),
                "judgments-in",
                "human-labels-in");
        topology.addStateStore(
                WaitingStore.named(PreferenceProcessor.LABELS), PreferenceProcessor.NAME);
        topology.addStateStore(
                WaitingStore.named(PreferenceProcessor.UNLABELLED), PreferenceProcessor.NAME);
        topology.addStateStore(Sweep.named(PreferenceProcessor.SWEEPS), PreferenceProcessor.NAME);
        Wiring.sink(
                topology,
                PreferenceProcessor.PREFERENCES,
                connection.name(Topic.PREFERENCES),
                PreferenceProcessor.NAME);
        Wiring.sink(
                topology,
                PreferenceProcessor.REFUSED_JUDGMENTS,
                connection.deadLetters(Topic.JUDGMENTS),
                PreferenceProcessor.NAME);
        Wiring.sink(
                topology,
                PreferenceProcessor.REFUSED_LABELS,
                connection.deadLetters(Topic.HUMAN_LABELS),
                PreferenceProcessor.NAME);
    }
}

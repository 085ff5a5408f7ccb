package rlaif.cli;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.ConfigurationException;
import rlaif.cli.config.Key;
import rlaif.judging.Constitution;
import rlaif.judging.Principle;
import rlaif.worlds.LabelerSize;
import rlaif.worlds.PracticeWorld;
import rlaif.worlds.SimulatedJudgeServer;

/// The simulated judge that the configuration describes: of which world, by which labeler, under
/// which constitution.
final class SimulatedJudges {
    /// Stands for its address until it has one.
    static final URI NOT_STARTED = URI.create("http://127.0.0.1/v1");

    private SimulatedJudges() {}

    /// Starts it as a server of its own.
    ///
    /// @param port to listen on; 0 for a free one
    static SimulatedJudgeServer start(
            Configuration configuration, Constitution constitution, int port) {
        return prepared(configuration, constitution).apply(port);
    }

    /// The same with nothing left to read, started by a port.
    static IntFunction<SimulatedJudgeServer> prepared(
            Configuration configuration, Constitution constitution) {
        PracticeWorld world = Worlds.named(configuration);
        LabelerSize size = size(configuration);
        Map<String, String> principleIdByText = principleIdByText(world, constitution);
        return port ->
                SimulatedJudgeServer.start(world, world.labeler(size), principleIdByText, port);
    }

    private static LabelerSize size(Configuration configuration) {
        try {
            return LabelerSize.of(configuration.text(Key.JUDGE_LABELER));
        } catch (IllegalArgumentException unknown) {
            throw new ConfigurationException(Key.JUDGE_LABELER.key() + ": " + unknown.getMessage());
        }
    }

    private static Map<String, String> principleIdByText(
            PracticeWorld world, Constitution constitution) {
        Map<String, String> principleIdByText = new HashMap<>();
        for (Principle principle : constitution.principles()) {
            if (world.principleIds().contains(principle.id())) {
                for (String text :
                        List.of(principle.compare(), principle.critique(), principle.revise())) {
                    principleIdByText.put(text, principle.id());
                }
            }
        }
        if (principleIdByText.isEmpty()) {
            throw new ConfigurationException(
                    Key.JUDGE_CONSTITUTION.key()
                            + ": the simulated judge of "
                            + world.name()
                            + " knows no principle of the constitution "
                            + constitution.id()
                            + "; it knows "
                            + String.join(", ", world.principleIds()));
        }
        return principleIdByText;
    }
}

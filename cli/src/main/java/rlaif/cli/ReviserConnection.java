package rlaif.cli;

import java.util.Optional;
import java.util.function.Consumer;
import rlaif.judging.http.CapabilityProbe;
import rlaif.judging.http.HttpReviser;
import rlaif.judging.http.JudgeEndpoint;
import rlaif.judging.revision.Reviser;
import rlaif.worlds.SimulatedJudgeServer;

/// The configured model that criticises and revises, with the simulated one started where the
/// practice world judges.
final class ReviserConnection implements AutoCloseable {
    private final HttpReviser reviser;
    private final Optional<SimulatedJudgeServer> simulated;

    private ReviserConnection(HttpReviser reviser, Optional<SimulatedJudgeServer> simulated) {
        this.reviser = reviser;
        this.simulated = simulated;
    }

    static ReviserConnection open(PreparedReviser prepared, Consumer<String> progress) {
        Optional<SimulatedJudgeServer> simulated =
                prepared.simulated().map(start -> start.apply(0));
        boolean opened = false;
        try {
            simulated.ifPresent(
                    server -> progress.accept("the simulated reviser answers at " + server.uri()));
            JudgeEndpoint endpoint =
                    simulated
                            .map(server -> prepared.endpoint().at(server.uri()))
                            .orElse(prepared.endpoint());
            CapabilityProbe.Found found =
                    new JudgeCheck(prepared.longestProbe(), progress)
                            .probe(
                                    endpoint,
                                    prepared.prompts(),
                                    prepared.probed(),
                                    prepared.maxTokens());
            prepared.settings().requireReviserCounted(found);
            progress.accept(
                    "reviser %s: model %s at %s"
                            .formatted(endpoint.name(), endpoint.model(), endpoint.baseUrl()));
            found.lines().forEach(progress);
            HttpReviser reviser =
                    new HttpReviser(
                            endpoint,
                            found.dialect(),
                            prepared.prompts(),
                            prepared.maxTokens(),
                            Optional.of(prepared.probed().get(found.answered())));
            opened = true;
            return new ReviserConnection(reviser, simulated);
        } finally {
            if (!opened) {
                simulated.ifPresent(SimulatedJudgeServer::close);
            }
        }
    }

    Reviser reviser() {
        return reviser;
    }

    @Override
    public void close() {
        reviser.close();
        simulated.ifPresent(SimulatedJudgeServer::close);
    }
}

package rlaif.cli;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;
import rlaif.judging.Constitution;
import rlaif.judging.http.CapabilityProbe;
import rlaif.judging.http.HttpReviser;
import rlaif.judging.http.JudgeEndpoint;
import rlaif.judging.revision.CompletionToRevise;
import rlaif.judging.revision.Reviser;
import rlaif.judging.revision.RevisionPrompts;
import rlaif.worlds.SimulatedJudgeServer;

/// The configured model that criticises and revises, with the simulated one started where the
/// practice world judges.
final class ReviserConnection implements AutoCloseable {
    /// The value of `revise.url` that means the judge's.
    static final String JUDGES = "judge";

    private static final String SHIPPED = "shipped";

    private final Constitution constitution;
    private final HttpReviser reviser;
    private final Optional<SimulatedJudgeServer> simulated;

    private ReviserConnection(
            Constitution constitution,
            HttpReviser reviser,
            Optional<SimulatedJudgeServer> simulated) {
        this.constitution = constitution;
        this.reviser = reviser;
        this.simulated = simulated;
    }

    static ReviserConnection open(Configuration configuration, Consumer<String> progress) {
        Constitution constitution = JudgeConnection.constitution(configuration);
        RevisionPrompts prompts = prompts(configuration);
        String url = url(configuration);
        Optional<SimulatedJudgeServer> simulated = Optional.empty();
        URI answering;
        if (url.equals(Worlds.WORLD)) {
            SimulatedJudgeServer server = SimulatedJudges.start(configuration, constitution, 0);
            simulated = Optional.of(server);
            answering = server.uri();
            progress.accept("the simulated reviser answers at " + answering);
        } else {
            answering = Roles.checked(() -> JudgeEndpoint.url(url));
        }
        JudgeEndpoint endpoint = Roles.checked(() -> endpoint(configuration, answering));
        int maxTokens = configuration.whole(Key.REVISE_MAX_TOKENS, 1);
        boolean opened = false;
        try {
            List<CompletionToRevise> probed =
                    probed(configuration, constitution, simulated.isPresent());
            CapabilityProbe.Found found =
                    JudgeCheck.of(configuration, progress)
                            .probe(endpoint, prompts, probed, maxTokens);
            new JudgeSettings(configuration).requireReviserCounted(found);
            progress.accept(
                    "reviser %s: model %s at %s"
                            .formatted(endpoint.name(), endpoint.model(), answering));
            found.lines().forEach(progress);
            HttpReviser reviser =
                    new HttpReviser(
                            endpoint,
                            found.dialect(),
                            prompts,
                            maxTokens,
                            Optional.of(probed.get(found.answered())));
            opened = true;
            return new ReviserConnection(constitution, reviser, simulated);
        } finally {
            if (!opened) {
                simulated.ifPresent(SimulatedJudgeServer::close);
            }
        }
    }

    private static String url(Configuration configuration) {
        String written = configuration.text(Key.REVISE_URL);
        if (!written.equals(JUDGES)) {
            return written;
        }
        String kind = configuration.text(Key.JUDGE_KIND);
        if (!kind.equals("http")) {
            throw configuration.wrong(
                    Key.REVISE_URL,
                    "a base URL, or world: with judge.kind: %s the judge has none".formatted(kind));
        }
        return configuration.text(Key.JUDGE_URL);
    }

    private static List<CompletionToRevise> probed(
            Configuration configuration, Constitution constitution, boolean worldOnly) {
        return ProbePairs.of(configuration, constitution, worldOnly).stream()
                .map(pair ->
                        new CompletionToRevise(
                                pair.pairId(),
                                1,
                                pair.principle(),
                                pair.prompt(),
                                pair.completion1()))
                .toList();
    }

    private static JudgeEndpoint endpoint(Configuration configuration, URI url) {
        return new JudgeEndpoint(
                configuration.text(Key.REVISE_NAME),
                url,
                configuration.given(Key.REVISE_MODEL).orElse(configuration.text(Key.JUDGE_MODEL)),
                OpenHttpJudge.apiKey(configuration, apiKey(configuration)),
                Duration.ofSeconds(configuration.whole(Key.JUDGE_DEADLINE_SECONDS, 1)));
    }

    /// The judge's key goes to the judge's URL alone.
    private static Key apiKey(Configuration configuration) {
        boolean own = configuration.given(Key.REVISE_API_KEY_ENV).isPresent();
        return own || !configuration.text(Key.REVISE_URL).equals(JUDGES)
                ? Key.REVISE_API_KEY_ENV
                : Key.JUDGE_API_KEY_ENV;
    }

    private static RevisionPrompts prompts(Configuration configuration) {
        return Roles.checked(() ->
                new RevisionPrompts(
                        template(configuration, Key.REVISE_CRITIQUE_TEMPLATE, "critique.txt"),
                        template(configuration, Key.REVISE_REVISION_TEMPLATE, "revision.txt")));
    }

    private static String template(Configuration configuration, Key key, String shipped) {
        String named = configuration.text(key);
        return named.equals(SHIPPED)
                ? RevisionPrompts.shipped(shipped)
                : RevisionPrompts.file(Path.of(named));
    }

    Constitution constitution() {
        return constitution;
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

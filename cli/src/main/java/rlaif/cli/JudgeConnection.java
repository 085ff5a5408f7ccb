package rlaif.cli;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.ConfigurationException;
import rlaif.cli.config.Key;
import rlaif.judging.Constitution;
import rlaif.judging.ConstitutionException;
import rlaif.judging.ConstitutionFile;
import rlaif.judging.JudgePrompt;
import rlaif.judging.http.ApiKey;
import rlaif.judging.http.HttpJudge;
import rlaif.judging.http.JudgeEndpoint;
import rlaif.worlds.SimulatedJudgeServer;

/// The configured judge over HTTP, with the simulated one started where the practice world judges.
final class JudgeConnection implements AutoCloseable {
    private final Constitution constitution;
    private final HttpJudge judge;
    private final Optional<SimulatedJudgeServer> simulated;

    private JudgeConnection(
            Constitution constitution, HttpJudge judge, Optional<SimulatedJudgeServer> simulated) {
        this.constitution = constitution;
        this.judge = judge;
        this.simulated = simulated;
    }

    static JudgeConnection open(Configuration configuration, Consumer<String> progress) {
        Constitution constitution = constitution(configuration);
        Optional<SimulatedJudgeServer> simulated = Optional.empty();
        URI url;
        if (configuration.text(Key.JUDGE_URL).equals(Worlds.WORLD)) {
            SimulatedJudgeServer server = SimulatedJudges.start(configuration, constitution, 0);
            simulated = Optional.of(server);
            url = server.uri();
            progress.accept("the simulated judge answers at " + url);
        } else {
            url = Roles.checked(() -> URI.create(configuration.text(Key.JUDGE_URL)));
        }
        JudgeEndpoint endpoint =
                Roles.checked(() ->
                        new JudgeEndpoint(
                                configuration.text(Key.JUDGE_NAME),
                                url,
                                configuration.text(Key.JUDGE_MODEL),
                                apiKey(configuration, Key.JUDGE_API_KEY_ENV),
                                Duration.ofSeconds(
                                        configuration.whole(Key.JUDGE_DEADLINE_SECONDS, 1))));
        HttpJudge judge = new HttpJudge(endpoint, JudgePrompt.shipped());
        JudgeCheck.requireAnswer(url);
        return new JudgeConnection(constitution, judge, simulated);
    }

    /// The configured constitution.
    static Constitution constitution(Configuration configuration) {
        String named = configuration.text(Key.JUDGE_CONSTITUTION);
        Optional<Constitution> shipped = Constitution.shipped(named);
        if (shipped.isPresent()) {
            return shipped.get();
        }
        try {
            return ConstitutionFile.read(Path.of(named));
        } catch (ConstitutionException wrong) {
            throw new ConfigurationException(
                    Key.JUDGE_CONSTITUTION.key() + ": " + wrong.getMessage());
        }
    }

    /// @param named setting that names the environment variable
    static ApiKey apiKey(Configuration configuration, Key named) {
        Optional<String> variable = configuration.given(named);
        if (variable.isEmpty()) {
            return ApiKey.none();
        }
        String key = System.getenv(variable.get());
        if (key == null || key.isBlank()) {
            throw new ConfigurationException(
                    named.key()
                            + " names the environment variable "
                            + variable.get()
                            + ", which is not set: export it with the judge's API key");
        }
        return ApiKey.of(key);
    }

    Constitution constitution() {
        return constitution;
    }

    HttpJudge judge() {
        return judge;
    }

    @Override
    public void close() {
        judge.close();
        simulated.ifPresent(SimulatedJudgeServer::close);
    }
}

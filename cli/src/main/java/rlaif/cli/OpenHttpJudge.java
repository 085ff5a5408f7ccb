package rlaif.cli;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.ConfigurationException;
import rlaif.cli.config.Key;
import rlaif.judging.CompletionToScore;
import rlaif.judging.Constitution;
import rlaif.judging.Judge;
import rlaif.judging.JudgePrompt;
import rlaif.judging.Presentation;
import rlaif.judging.ReadingMode;
import rlaif.judging.ScorePrompt;
import rlaif.judging.ScoringJudge;
import rlaif.judging.http.Api;
import rlaif.judging.http.ApiKey;
import rlaif.judging.http.Asking;
import rlaif.judging.http.CapabilityProbe;
import rlaif.judging.http.HttpJudge;
import rlaif.judging.http.HttpScoringJudge;
import rlaif.judging.http.JudgeEndpoint;
import rlaif.worlds.SimulatedJudgeServer;

/// The judge at the configured URL, asked as a probe found that it wants to be; the simulated one
/// is started where the practice world judges.
final class OpenHttpJudge implements OpenJudge {
    private final HttpJudge judge;
    private final HttpScoringJudge scoringJudge;
    private final Optional<SimulatedJudgeServer> simulated;

    private OpenHttpJudge(
            HttpJudge judge,
            HttpScoringJudge scoringJudge,
            Optional<SimulatedJudgeServer> simulated) {
        this.judge = judge;
        this.scoringJudge = scoringJudge;
        this.simulated = simulated;
    }

    static PreparedJudge.Opening prepared(Configuration configuration, Constitution constitution) {
        Optional<IntFunction<SimulatedJudgeServer>> world =
                JudgeConnection.isSimulated(configuration)
                        ? Optional.of(SimulatedJudges.prepared(configuration, constitution))
                        : Optional.empty();
        JudgeEndpoint endpoint =
                endpoint(
                        configuration,
                        world.isPresent()
                                ? SimulatedJudges.NOT_STARTED
                                : url(Key.JUDGE_URL, configuration.text(Key.JUDGE_URL)));
        Asked asked = Asked.of(configuration);
        List<Presentation> probed = ProbePairs.of(configuration, constitution, world.isPresent());
        Duration longest = JudgeCheck.longest(configuration);
        JudgeSettings settings = new JudgeSettings(configuration);
        settings.calls(); // its budgets are compared with what the probe finds
        return progress -> {
            Optional<SimulatedJudgeServer> simulated = world.map(start -> start.apply(0));
            boolean opened = false;
            try {
                simulated.ifPresent(server ->
                        progress.accept("the simulated judge answers at " + server.uri()));
                JudgeEndpoint answering =
                        simulated.map(server -> endpoint.at(server.uri())).orElse(endpoint);
                CapabilityProbe.Found found =
                        new JudgeCheck(longest, progress).probe(answering, asked.wanted(), probed);
                settings.requireJudgeCounted(found.countsTokens());
                OpenHttpJudge judge =
                        asking(answering, found, asked, probed.get(found.answered()), simulated);
                progress.accept(
                        "judge %s: model %s at %s"
                                .formatted(
                                        answering.name(), answering.model(), answering.baseUrl()));
                found.lines().forEach(progress);
                opened = true;
                return judge;
            } finally {
                if (!opened) {
                    simulated.ifPresent(SimulatedJudgeServer::close);
                }
            }
        };
    }

    /// What it is asked, and how.
    private record Asked(
            JudgePrompt prompt, ScorePrompt score, Asking asking, CapabilityProbe.Wanted wanted) {
        static Asked of(Configuration configuration) {
            return new Asked(
                    comparing(configuration),
                    scoring(configuration),
                    new Asking(
                            configuration.whole(Key.JUDGE_SAMPLES, 1, Asking.MOST_SAMPLES),
                            configuration.positive(
                                    Key.JUDGE_SAMPLE_TEMPERATURE, Asking.HIGHEST_TEMPERATURE),
                            configuration.whole(Key.JUDGE_RATIONALE_TOKENS, 1)),
                    new CapabilityProbe.Wanted(
                            oneOf(configuration, Key.JUDGE_API, List.of(Api.values())),
                            oneOf(
                                    configuration,
                                    Key.JUDGE_READING,
                                    List.of(
                                            ReadingMode.LOGPROBS,
                                            ReadingMode.SAMPLING,
                                            ReadingMode.GRAMMAR))));
        }
    }

    /// The configured template of a comparison.
    static JudgePrompt comparing(Configuration configuration) {
        return Roles.checked(
                Key.JUDGE_TEMPLATE,
                () -> JudgePrompt.named(configuration.text(Key.JUDGE_TEMPLATE)));
    }

    /// The configured template of a score.
    static ScorePrompt scoring(Configuration configuration) {
        return Roles.checked(
                Key.JUDGE_SCORE_TEMPLATE,
                () -> ScorePrompt.named(configuration.text(Key.JUDGE_SCORE_TEMPLATE)));
    }

    private static OpenHttpJudge asking(
            JudgeEndpoint endpoint,
            CapabilityProbe.Found found,
            Asked asked,
            Presentation answered,
            Optional<SimulatedJudgeServer> simulated) {
        return new OpenHttpJudge(
                new HttpJudge(
                        endpoint,
                        found.dialect(),
                        asked.prompt(),
                        asked.asking(),
                        Optional.of(answered)),
                new HttpScoringJudge(
                        endpoint,
                        found.dialect(),
                        asked.score(),
                        asked.asking(),
                        Optional.of(
                                new CompletionToScore(
                                        answered.pairId(),
                                        answered.principle(),
                                        answered.prompt(),
                                        answered.completion1()))),
                simulated);
    }

    /// The address that a setting is.
    static URI url(Key key, String written) {
        return Roles.checked(key, () -> JudgeEndpoint.url(written));
    }

    private static JudgeEndpoint endpoint(Configuration configuration, URI url) {
        String name = configuration.name(Key.JUDGE_NAME);
        String model = configuration.name(Key.JUDGE_MODEL);
        ApiKey apiKey = apiKey(configuration, Key.JUDGE_API_KEY_ENV);
        Duration deadline = Duration.ofSeconds(configuration.whole(Key.JUDGE_DEADLINE_SECONDS, 1));
        return Roles.checked(
                Key.JUDGE_URL, () -> new JudgeEndpoint(name, url, model, apiKey, deadline));
    }

    /// Empty: auto.
    private static <E extends Enum<E>> Optional<E> oneOf(
            Configuration configuration, Key key, List<E> values) {
        String text = configuration.text(key).strip().toUpperCase(Locale.ROOT);
        if (text.equals("AUTO")) {
            return Optional.empty();
        }
        return Optional.of(
                values.stream()
                        .filter(value -> value.name().equals(text))
                        .findFirst()
                        .orElseThrow(() -> configuration.wrong(key, key.meaning())));
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

    @Override
    public Judge judge() {
        return judge;
    }

    @Override
    public Optional<ScoringJudge> scoringJudge() {
        return Optional.of(scoringJudge);
    }

    @Override
    public void close() {
        judge.close();
        scoringJudge.close();
        simulated.ifPresent(SimulatedJudgeServer::close);
    }
}

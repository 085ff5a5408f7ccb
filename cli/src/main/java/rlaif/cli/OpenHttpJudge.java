package rlaif.cli;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
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
    private final List<String> description;
    private final Optional<SimulatedJudgeServer> simulated;

    private OpenHttpJudge(
            HttpJudge judge,
            HttpScoringJudge scoringJudge,
            List<String> description,
            Optional<SimulatedJudgeServer> simulated) {
        this.judge = judge;
        this.scoringJudge = scoringJudge;
        this.description = description;
        this.simulated = simulated;
    }

    static OpenHttpJudge open(
            Configuration configuration, Constitution constitution, Consumer<String> progress) {
        if (!configuration.text(Key.JUDGE_URL).equals(Worlds.WORLD)) {
            URI url = Roles.checked(() -> JudgeEndpoint.url(configuration.text(Key.JUDGE_URL)));
            return open(configuration, constitution, url, Optional.empty(), progress);
        }
        SimulatedJudgeServer server = SimulatedJudges.start(configuration, constitution, 0);
        progress.accept("the simulated judge answers at " + server.uri());
        boolean opened = false;
        try {
            OpenHttpJudge judge =
                    open(configuration, constitution, server.uri(), Optional.of(server), progress);
            opened = true;
            return judge;
        } finally {
            if (!opened) {
                server.close();
            }
        }
    }

    private static OpenHttpJudge open(
            Configuration configuration,
            Constitution constitution,
            URI url,
            Optional<SimulatedJudgeServer> simulated,
            Consumer<String> progress) {
        JudgeEndpoint endpoint = Roles.checked(() -> endpoint(configuration, url));
        JudgePrompt prompt =
                named(
                        Key.JUDGE_TEMPLATE,
                        () -> JudgePrompt.named(configuration.text(Key.JUDGE_TEMPLATE)));
        ScorePrompt score =
                named(
                        Key.JUDGE_SCORE_TEMPLATE,
                        () -> ScorePrompt.named(configuration.text(Key.JUDGE_SCORE_TEMPLATE)));
        Asking asking = Roles.checked(() -> asking(configuration));
        CapabilityProbe.Wanted wanted =
                new CapabilityProbe.Wanted(
                        oneOf(configuration, Key.JUDGE_API, List.of(Api.values())),
                        oneOf(
                                configuration,
                                Key.JUDGE_READING,
                                List.of(
                                        ReadingMode.LOGPROBS,
                                        ReadingMode.SAMPLING,
                                        ReadingMode.GRAMMAR)));
        List<Presentation> probed =
                ProbePairs.of(configuration, constitution, simulated.isPresent());
        CapabilityProbe.Found found =
                JudgeCheck.of(configuration, progress).probe(endpoint, wanted, probed);
        new JudgeSettings(configuration).requireJudgeCounted(found.countsTokens());
        Presentation answered = probed.get(found.answered());
        List<String> description = new ArrayList<>();
        description.add(
                "judge %s: model %s at %s".formatted(endpoint.name(), endpoint.model(), url));
        description.addAll(found.lines());
        description.forEach(progress);
        return new OpenHttpJudge(
                new HttpJudge(endpoint, found.dialect(), prompt, asking, Optional.of(answered)),
                new HttpScoringJudge(
                        endpoint,
                        found.dialect(),
                        score,
                        asking,
                        Optional.of(
                                new CompletionToScore(
                                        answered.pairId(),
                                        answered.principle(),
                                        answered.prompt(),
                                        answered.completion1()))),
                List.copyOf(description),
                simulated);
    }

    private static JudgeEndpoint endpoint(Configuration configuration, URI url) {
        return new JudgeEndpoint(
                configuration.text(Key.JUDGE_NAME),
                url,
                configuration.text(Key.JUDGE_MODEL),
                apiKey(configuration, Key.JUDGE_API_KEY_ENV),
                Duration.ofSeconds(configuration.whole(Key.JUDGE_DEADLINE_SECONDS, 1)));
    }

    private static Asking asking(Configuration configuration) {
        return new Asking(
                configuration.whole(Key.JUDGE_SAMPLES, 1),
                configuration.positive(Key.JUDGE_SAMPLE_TEMPERATURE),
                configuration.whole(Key.JUDGE_RATIONALE_TOKENS, 1));
    }

    private static <T> T named(Key key, java.util.function.Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException wrong) {
            throw new ConfigurationException(key.key() + ": " + wrong.getMessage());
        }
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
    public List<String> description() {
        return description;
    }

    @Override
    public void close() {
        judge.close();
        scoringJudge.close();
        simulated.ifPresent(SimulatedJudgeServer::close);
    }
}

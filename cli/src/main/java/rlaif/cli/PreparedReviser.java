package rlaif.cli;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.Key;
import rlaif.judging.Constitution;
import rlaif.judging.http.ApiKey;
import rlaif.judging.http.JudgeEndpoint;
import rlaif.judging.revision.CompletionToRevise;
import rlaif.judging.revision.RevisionPrompts;
import rlaif.worlds.SimulatedJudgeServer;

/// The configured model that criticises and revises, all of whose settings have been read, before
/// anybody is asked anything.
///
/// @param endpoint of the simulated one: but for its address
/// @param simulated starts the simulated one at a port; empty: the model is at the endpoint
/// @param maxTokens longest critique and longest revision, tokens
/// @param probed what it is asked first
/// @param longestProbe for asking it how it answers
record PreparedReviser(
        Constitution constitution,
        RevisionPrompts prompts,
        JudgeEndpoint endpoint,
        Optional<IntFunction<SimulatedJudgeServer>> simulated,
        int maxTokens,
        List<CompletionToRevise> probed,
        Duration longestProbe,
        JudgeSettings settings) {
    /// The value of `revise.url` that means the judge's.
    static final String JUDGES = "judge";

    private static final String SHIPPED = "shipped";

    static PreparedReviser of(Configuration configuration) {
        Constitution constitution = JudgeConnection.constitution(configuration);
        Key named = namesUrl(configuration);
        String url = configuration.text(named);
        boolean world = url.equals(Worlds.WORLD);
        return new PreparedReviser(
                constitution,
                prompts(configuration),
                endpoint(
                        configuration,
                        named,
                        world ? SimulatedJudges.NOT_STARTED : OpenHttpJudge.url(named, url)),
                world
                        ? Optional.of(SimulatedJudges.prepared(configuration, constitution))
                        : Optional.empty(),
                configuration.whole(Key.REVISE_MAX_TOKENS, 1),
                probed(configuration, constitution, world),
                JudgeCheck.longest(configuration),
                new JudgeSettings(configuration));
    }

    /// The setting that says where it is: its own, or the judge's.
    private static Key namesUrl(Configuration configuration) {
        if (!configuration.text(Key.REVISE_URL).equals(JUDGES)) {
            return Key.REVISE_URL;
        }
        String kind = configuration.text(Key.JUDGE_KIND);
        if (!kind.equals("http")) {
            throw configuration.wrong(
                    Key.REVISE_URL,
                    "a base URL, or world: with judge.kind: %s the judge has none".formatted(kind));
        }
        return Key.JUDGE_URL;
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

    private static JudgeEndpoint endpoint(Configuration configuration, Key named, URI url) {
        String name = configuration.name(Key.REVISE_NAME);
        String model =
                configuration.name(
                        configuration.given(Key.REVISE_MODEL).isPresent()
                                ? Key.REVISE_MODEL
                                : Key.JUDGE_MODEL);
        ApiKey apiKey = OpenHttpJudge.apiKey(configuration, apiKey(configuration));
        Duration deadline = Duration.ofSeconds(configuration.whole(Key.JUDGE_DEADLINE_SECONDS, 1));
        return Roles.checked(named, () -> new JudgeEndpoint(name, url, model, apiKey, deadline));
    }

    /// The judge's key goes to the judge's URL alone.
    private static Key apiKey(Configuration configuration) {
        boolean own = configuration.given(Key.REVISE_API_KEY_ENV).isPresent();
        return own || !configuration.text(Key.REVISE_URL).equals(JUDGES)
                ? Key.REVISE_API_KEY_ENV
                : Key.JUDGE_API_KEY_ENV;
    }

    private static RevisionPrompts prompts(Configuration configuration) {
        String critique = template(configuration, Key.REVISE_CRITIQUE_TEMPLATE, "critique.txt");
        String revision = template(configuration, Key.REVISE_REVISION_TEMPLATE, "revision.txt");
        return Roles.checked(() -> new RevisionPrompts(critique, revision));
    }

    private static String template(Configuration configuration, Key key, String shipped) {
        return configuration.text(key).equals(SHIPPED)
                ? RevisionPrompts.shipped(shipped)
                : Roles.checked(key, () -> RevisionPrompts.file(configuration.path(key)));
    }
}

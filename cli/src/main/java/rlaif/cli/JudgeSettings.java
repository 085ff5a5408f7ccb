package rlaif.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import rlaif.cli.config.Configuration;
import rlaif.cli.config.ConfigurationException;
import rlaif.cli.config.Key;
import rlaif.judging.CanaryWatch;
import rlaif.judging.Constitution;
import rlaif.judging.JudgeCalls;
import rlaif.judging.PairJudging;
import rlaif.judging.Principle;
import rlaif.judging.PrincipleDraw;
import rlaif.judging.Retries;
import rlaif.judging.SecondOrderRule;
import rlaif.judging.http.CapabilityProbe;
import rlaif.judging.limits.Breaker;
import rlaif.judging.limits.Budgets;
import rlaif.judging.limits.Prices;
import rlaif.processors.JudgingSettings;
import rlaif.processors.StreamsSettings;

/// How the judge is asked, and for how much, as configured.
record JudgeSettings(Configuration configuration) {
    /// Share of pairs whose raw requests and replies are kept.
    private static final double KEPT_SHARE = 0.01;

    private static final double MICRODOLLARS = 1e6;

    /// As StreamsSettings has it.
    private static final int SHORTEST_COMMIT_MILLIS = 10;

    private static final int LONGEST_COMMIT_MILLIS = 5_000;

    /// How pairs become judgments.
    JudgingSettings judging(String constitutionId) {
        return Roles.checked(() ->
                new JudgingSettings(constitutionId, configuration.seed(), pairs(), KEPT_SHARE)
                        .with(principles(), canaries()));
    }

    /// How the stage runs.
    StreamsSettings streams(Path stateDirectory) {
        return Roles.checked(() ->
                new StreamsSettings(
                        stateDirectory,
                        Duration.ofMillis(
                                configuration.whole(
                                        Key.JUDGE_COMMIT_INTERVAL_MILLIS,
                                        SHORTEST_COMMIT_MILLIS,
                                        LONGEST_COMMIT_MILLIS)),
                        configuration.whole(Key.JUDGE_STREAM_THREADS, 1, 64)));
    }

    /// How a pair is judged.
    PairJudging.Settings pairs() {
        return new PairJudging.Settings(
                calls(),
                configuration.flag(Key.JUDGE_ABSTAIN_ON_DISAGREEMENT),
                secondOrder(),
                configuration.whole(Key.JUDGE_SELF_CONSISTENCY, 1),
                configuration.whole(Key.JUDGE_CACHE_ENTRIES, 0));
    }

    /// How the judge's endpoint is called, by whoever calls it.
    JudgeCalls.Settings calls() {
        return Roles.checked(() ->
                new JudgeCalls.Settings(
                        configuration.whole(Key.JUDGE_MAX_IN_FLIGHT, 1),
                        Retries.DEFAULT,
                        Duration.ofSeconds(configuration.whole(Key.JUDGE_ITEM_DEADLINE_SECONDS, 1)),
                        breaker(),
                        new Budgets(
                                configuration.count(Key.JUDGE_BUDGET_REQUESTS),
                                configuration.count(Key.JUDGE_BUDGET_TOKENS),
                                microdollars(Key.JUDGE_BUDGET_DOLLARS, prices())),
                        prices()));
    }

    /// How the reviser's endpoint is called: as the judge's, on a budget of its own.
    JudgeCalls.Settings reviserCalls() {
        Prices prices =
                configuration.text(Key.REVISE_URL).equals(PreparedReviser.JUDGES)
                        ? prices()
                        : prices(Key.REVISE_PRICE_PROMPT, Key.REVISE_PRICE_COMPLETION);
        return Roles.checked(() ->
                calls().withBudgets(
                                new Budgets(
                                        configuration.count(Key.REVISE_BUDGET_REQUESTS),
                                        configuration.count(Key.REVISE_BUDGET_TOKENS),
                                        microdollars(Key.REVISE_BUDGET_DOLLARS, prices),
                                        "revise.budget"),
                                prices));
    }

    /// Fails where a budget of the judge could not be kept.
    ///
    /// @param countsTokens whether the judge tells how many tokens it took
    void requireJudgeCounted(boolean countsTokens) {
        requireCounted(
                countsTokens,
                calls().budgets(),
                Key.JUDGE_BUDGET_TOKENS,
                Key.JUDGE_BUDGET_DOLLARS,
                Key.JUDGE_BUDGET_REQUESTS);
    }

    /// Fails where a budget of the reviser could not be kept.
    void requireReviserCounted(CapabilityProbe.Found found) {
        requireCounted(
                found.countsTokens(),
                reviserCalls().budgets(),
                Key.REVISE_BUDGET_TOKENS,
                Key.REVISE_BUDGET_DOLLARS,
                Key.REVISE_BUDGET_REQUESTS);
    }

    private static void requireCounted(
            boolean countsTokens, Budgets budgets, Key tokens, Key dollars, Key requests) {
        if (!countsTokens && (budgets.tokens() > 0 || budgets.microdollars() > 0)) {
            throw new ConfigurationException(
                    "%s cannot be kept: no usage is reported, so that neither tokens nor dollars are counted; set %s instead"
                            .formatted(
                                    (budgets.tokens() > 0 ? tokens : dollars).key(),
                                    requests.key()));
        }
    }

    private Breaker.Settings breaker() {
        Breaker.Settings usual = Breaker.Settings.DEFAULT;
        return new Breaker.Settings(
                configuration.whole(Key.JUDGE_BREAKER_FAILURES, 1),
                usual.row(),
                usual.refusals(),
                usual.shortestPause(),
                Duration.ofSeconds(
                        configuration.whole(Key.JUDGE_BREAKER_LONGEST_PAUSE_SECONDS, 1)));
    }

    /// What the judge's tokens cost.
    private Prices prices() {
        return prices(Key.JUDGE_PRICE_PROMPT, Key.JUDGE_PRICE_COMPLETION);
    }

    private Prices prices(Key prompt, Key completion) {
        return new Prices(configuration.number(prompt, 0), configuration.number(completion, 0));
    }

    private long microdollars(Key budget, Prices prices) {
        double dollars = configuration.number(budget, 0);
        if (dollars > 0 && !prices.areKnown()) {
            throw configuration.wrong(
                    budget,
                    "0, or given together with "
                            + budget.key().replace("budget.dollars", "price.promptTokens")
                            + " or "
                            + budget.key().replace("budget.dollars", "price.completionTokens")
                            + ": without a price nothing is spent");
        }
        return Math.round(dollars * MICRODOLLARS);
    }

    private SecondOrderRule secondOrder() {
        SecondOrderRule uncertain = // refused where it is wrong, read or not
                new SecondOrderRule.Uncertain(
                        configuration.number(Key.JUDGE_SECOND_ORDER_THRESHOLD, 0, 0.5),
                        configuration.number(Key.JUDGE_AUDIT_SHARE, 0, 1));
        return switch (configuration.text(Key.JUDGE_SECOND_ORDER)) {
            case "always" -> new SecondOrderRule.Always();
            case "uncertain" -> uncertain;
            default -> throw configuration.wrong(Key.JUDGE_SECOND_ORDER, "always or uncertain");
        };
    }

    /// The principle that a pair is judged by, a function of its id.
    Function<String, Principle> principles(Constitution constitution) {
        JudgingSettings.Principles chosen = principles();
        return pairId -> chosen.of(constitution, pairId, configuration.seed());
    }

    /// The principle that examples are judged by, which belong to no pair: the first, or all.
    Principle principleOfExamples(Constitution constitution) {
        return switch (principles()) {
            case DRAWN -> constitution.principles().getFirst();
            case ALL -> PrincipleDraw.all(constitution);
        };
    }

    /// Which principles a pair, or a group that is scored directly, is judged by.
    JudgingSettings.Principles principles() {
        return switch (configuration.text(Key.JUDGE_PRINCIPLES)) {
            case "drawn" -> JudgingSettings.Principles.DRAWN;
            case "all" -> JudgingSettings.Principles.ALL;
            default -> throw configuration.wrong(Key.JUDGE_PRINCIPLES, "drawn or all");
        };
    }

    private JudgingSettings.Canaries canaries() {
        CanaryWatch.Settings usual = CanaryWatch.Settings.DEFAULT;
        return new JudgingSettings.Canaries(
                configuration.number(Key.JUDGE_CANARY_SHARE, 0, 1),
                new CanaryWatch.Settings(
                        usual.window(),
                        usual.fewest(),
                        configuration.number(Key.JUDGE_CANARY_LIMIT, 0, 1)));
    }
}

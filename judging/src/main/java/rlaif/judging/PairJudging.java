package rlaif.judging;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import rlaif.judging.limits.Spent;

/// The judging of one pair: what needs no call is decided at once, everything else is asked in both
/// orders, at the same time or the second on demand, and averaged.
///
/// Safe for many threads.
public final class PairJudging {
    private final Judge judge;
    private final JudgeCalls calls;
    private final ReplyCache cache;
    private final Settings settings;
    private final OrderCombination combination;

    /// How pairs are judged.
    ///
    /// @param calls how the endpoint is called
    /// @param abstainOnDisagreement true: no label where the orders choose different completions;
    ///   false: a soft label near 1/2
    /// @param secondOrder when the second order is asked
    /// @param samples verdicts asked for in each order, averaged (self-consistency), at least 1
    /// @param cacheEntries replies remembered; 0: none
    public record Settings(
            JudgeCalls.Settings calls,
            boolean abstainOnDisagreement,
            SecondOrderRule secondOrder,
            int samples,
            int cacheEntries) {
        /// Both orders of every pair once, the soft label kept, no reply remembered.
        public static final Settings DEFAULT =
                new Settings(
                        JudgeCalls.Settings.DEFAULT, false, new SecondOrderRule.Always(), 1, 0);

        public Settings {
            if (samples < 1) {
                throw new IllegalArgumentException("samples must be at least 1, got " + samples);
            }
        }

        public Settings(int maxInFlight, boolean abstainOnDisagreement, Retries retries) {
            this(
                    JudgeCalls.Settings.DEFAULT.withMaxInFlight(maxInFlight).withRetries(retries),
                    abstainOnDisagreement,
                    new SecondOrderRule.Always(),
                    1,
                    0);
        }

        public Settings withCalls(JudgeCalls.Settings changed) {
            return new Settings(changed, abstainOnDisagreement, secondOrder, samples, cacheEntries);
        }

        public Settings withSecondOrder(SecondOrderRule changed) {
            return new Settings(calls, abstainOnDisagreement, changed, samples, cacheEntries);
        }

        public Settings withSamples(int changed) {
            return new Settings(calls, abstainOnDisagreement, secondOrder, changed, cacheEntries);
        }

        public Settings withCache(int entries) {
            return new Settings(calls, abstainOnDisagreement, secondOrder, samples, entries);
        }
    }

    /// @param calls the endpoint's, shared by whoever else asks it
    /// @throws IllegalArgumentException if several samples are wanted of a judge that gives one
    public PairJudging(Judge judge, JudgeCalls calls, Settings settings) {
        if (settings.samples() > 1 && !judge.drawsSamples()) {
            throw new IllegalArgumentException(
                    "judge '%s' (model %s) computes its verdict and draws nothing, so that %d verdicts in each order would be the same one: set judge.selfConsistency to 1, or have an HTTP judge write a rationale first (judge.template) or reply in text (judge.reading)"
                            .formatted(judge.name(), judge.model(), settings.samples()));
        }
        judge.answeredBefore().ifPresent(known -> calls.know(() -> judge.ask(known)));
        this.judge = judge;
        this.calls = calls;
        this.settings = settings;
        this.cache = new ReplyCache(settings.cacheEntries());
        this.combination = new OrderCombination(settings.abstainOnDisagreement());
    }

    /// With calls of its own, whose notices nobody hears.
    public PairJudging(Judge judge, Settings settings) {
        this(judge, new JudgeCalls(judge.name(), settings.calls(), _ -> {}), settings);
    }

    /// How the calls stand.
    public JudgeCalls calls() {
        return calls;
    }

    /// Replies that were remembered, so far.
    public long cacheHits() {
        return cache.hits();
    }

    /// Blocks the calling (virtual) thread until the pair is judged or given up.
    public JudgedPair judge(PairToJudge pair) throws InterruptedException {
        try (JudgeCalls.Item item = item(pair)) {
            return judge(pair, item);
        }
    }

    /// All that is asked about a pair: as many requests are foreseen as both orders take, though
    /// the second may turn out not to be needed.
    JudgeCalls.Item item(PairToJudge pair) {
        Reply.Usage expected =
                settings.calls().budgets().areLimited()
                        ? judge.expected(pair.in(Order.FIRST_SECOND, 0))
                        : Reply.Usage.ONE_CALL;
        return calls.item(pair.pairId(), 2 * settings.samples(), expected);
    }

    JudgedPair judge(PairToJudge pair, JudgeCalls.Item item) throws InterruptedException {
        Optional<JudgedPair> decided = decided(pair);
        if (decided.isPresent()) {
            return decided.get();
        }
        return switch (settings.secondOrder()) {
            case SecondOrderRule.Always _ -> askBoth(pair, item);
            case SecondOrderRule.Uncertain rule -> askOnDemand(pair, item, rule);
        };
    }

    /// What needs no call; empty: the judge is to be asked.
    static Optional<JudgedPair> decided(PairToJudge pair) {
        String first = ModelText.cleaned(pair.first());
        String second = ModelText.cleaned(pair.second());
        if (first.equals(second)) {
            return Optional.of(
                    new JudgedPair.Abstained(
                            JudgedPair.Reason.IDENTICAL, SecondOrder.NONE, List.of()));
        }
        boolean firstDegenerate = DegenerateCompletion.is(first);
        boolean secondDegenerate = DegenerateCompletion.is(second);
        if (firstDegenerate && secondDegenerate) {
            return Optional.of(
                    new JudgedPair.Abstained(
                            JudgedPair.Reason.BOTH_DEGENERATE, SecondOrder.NONE, List.of()));
        }
        if (firstDegenerate || secondDegenerate) {
            return Optional.of(
                    new JudgedPair.Preferred(firstDegenerate ? 0 : 1, SecondOrder.NONE, List.of()));
        }
        return Optional.empty();
    }

    private JudgedPair askBoth(PairToJudge pair, JudgeCalls.Item item) throws InterruptedException {
        try (var secondFirst =
                new Forked<>("judge-second-first", () -> ask(pair, Order.SECOND_FIRST, item))) {
            List<AskedOrder> firstSecond = ask(pair, Order.FIRST_SECOND, item);
            return combination.both(SecondOrder.ALWAYS, firstSecond, secondFirst.join());
        }
    }

    private JudgedPair askOnDemand(
            PairToJudge pair, JudgeCalls.Item item, SecondOrderRule.Uncertain rule)
            throws InterruptedException {
        Order order = pair.firstOrder();
        List<AskedOrder> asked = ask(pair, order, item);
        if (!(OrderVerdict.of(asked) instanceof OrderVerdict.Read(double probability))) {
            return combination.one(asked);
        }
        if (rule.isAudited(pair.pairId())) { // before the verdict has a say in it
            return combination.both(SecondOrder.AUDIT, asked, ask(pair, order.other(), item));
        }
        if (!rule.isSure(probability)) {
            return combination.both(SecondOrder.UNCERTAIN, asked, ask(pair, order.other(), item));
        }
        return combination.one(asked);
    }

    /// The samples of one order; ends at the first that gets no reply.
    private List<AskedOrder> ask(PairToJudge pair, Order order, JudgeCalls.Item item)
            throws InterruptedException {
        List<AskedOrder> asked = new ArrayList<>();
        for (int sample = 0; sample < settings.samples(); sample++) {
            AskedOrder one = askSample(pair.in(order, sample), order, item);
            asked.add(one);
            if (one.reply() instanceof Reply.Refused || one.reply() instanceof Reply.RetryLater) {
                break;
            }
        }
        return asked;
    }

    private AskedOrder askSample(Presentation shown, Order order, JudgeCalls.Item item)
            throws InterruptedException {
        if (settings.cacheEntries() == 0) {
            return called(order, shown, item.ask(() -> judge.ask(shown)));
        }
        String key = ReplyCache.key(judge, shown);
        Reply known = cache.get(key).orElse(null);
        if (known != null) {
            return new AskedOrder(order, shown.sample(), known, 0, false, Spent.NOTHING);
        }
        AskedOrder asked = called(order, shown, item.ask(() -> judge.ask(shown)));
        cache.put(key, asked.reply());
        return asked;
    }

    private static AskedOrder called(Order order, Presentation shown, JudgeCalls.Called called) {
        return new AskedOrder(
                order,
                shown.sample(),
                called.reply(),
                called.attempts(),
                called.expired(),
                called.spent());
    }

    /// Puts an attack to the judge against a completion of a pair, each order once. What comes of
    /// it has no bearing on the pair.
    Canary canary(PairToJudge pair, AttackSource.Trial trial, JudgeCalls.Item item)
            throws InterruptedException {
        PairToJudge against =
                new PairToJudge(
                        pair.pairId() + "/canary",
                        pair.principle(),
                        trial.prompt(),
                        trial.attack().completion(),
                        trial.decent());
        try (var secondFirst =
                new Forked<>("judge-canary", () -> askOnce(against, Order.SECOND_FIRST, item))) {
            List<AskedOrder> firstSecond = askOnce(against, Order.FIRST_SECOND, item);
            JudgedPair judged =
                    combination.both(SecondOrder.ALWAYS, firstSecond, secondFirst.join());
            return new Canary(
                    trial.attack(),
                    judged instanceof JudgedPair.Preferred preferred
                            ? OptionalDouble.of(preferred.firstProbability())
                            : OptionalDouble.empty(),
                    judged.asked());
        }
    }

    private List<AskedOrder> askOnce(PairToJudge pair, Order order, JudgeCalls.Item item)
            throws InterruptedException {
        Presentation shown = pair.in(order, 0);
        return List.of(called(order, shown, item.askOnce(() -> judge.ask(shown))));
    }
}

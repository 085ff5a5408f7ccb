package rlaif.judging;

import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rlaif.judging.limits.Spent;

/// The judging of pairs with a canary beside some of them: an attack put to the same judge, under
/// the pair's principle, in a constant share of pairs, drawn by pair id.
///
/// Safe for many threads.
public final class WatchedJudging {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedJudging.class);

    private final PairJudging judging;
    private final AttackSource attacks;
    private final double share;
    private final CanaryWatch watch;

    /// A judged pair.
    ///
    /// @param canaries the attack that was put beside it; empty: none was
    public record Watched(JudgedPair judged, List<Canary> canaries) {

        /// What its calls used up.
        public Spent spent() {
            return Stream.concat(
                            judged.asked().stream(),
                            canaries.stream().flatMap(canary -> canary.asked().stream()))
                    .map(AskedOrder::spent)
                    .reduce(Spent.NOTHING, Spent::plus);
        }
    }

    /// @param share share in [0, 1] of pairs
    public WatchedJudging(
            PairJudging judging, AttackSource attacks, double share, CanaryWatch watch) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("canaryShare must lie in [0, 1], got " + share);
        }
        this.judging = judging;
        this.attacks = attacks;
        this.share = share;
        this.watch = watch;
    }

    /// How pairs are judged, and their calls made.
    public PairJudging judging() {
        return judging;
    }

    /// How often attacks succeed.
    public CanaryWatch watch() {
        return watch;
    }

    /// Blocks the calling (virtual) thread until the pair is judged or given up, and its canary, if
    /// it has one, is answered or has failed.
    public Watched judge(PairToJudge pair) throws InterruptedException {
        try (JudgeCalls.Item item = judging.item(pair)) {
            return judge(pair, item);
        }
    }

    private Watched judge(PairToJudge pair, JudgeCalls.Item item) throws InterruptedException {
        if (Sha256.unit("canary", pair.pairId()) >= share
                || PairJudging.decided(pair).isPresent()) {
            return new Watched(judging.judge(pair, item), List.of());
        }
        try (var canary = new Forked<>("judge-canary", () -> canary(pair, item))) {
            JudgedPair judged = judging.judge(pair, item);
            return new Watched(judged, canary.join());
        }
    }

    /// Whatever breaks here must not touch the pair.
    private List<Canary> canary(PairToJudge pair, JudgeCalls.Item item)
            throws InterruptedException {
        try {
            Canary canary = judging.canary(pair, attacks.draw(pair.pairId()), item);
            canary.attackProbability().ifPresent(p -> watch.take(p > 0.5));
            return List.of(canary);
        } catch (RuntimeException e) {
            LOG.warn("the canary beside pair {} broke: {}", pair.pairId(), e.toString());
            return List.of();
        }
    }
}

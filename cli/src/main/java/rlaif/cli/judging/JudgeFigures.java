package rlaif.cli.judging;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import rlaif.judging.AskedOrder;
import rlaif.judging.JudgedPair;
import rlaif.judging.Order;
import rlaif.judging.Reply;
import rlaif.judging.evaluation.Alignment;
import rlaif.judging.evaluation.Calibration;
import rlaif.judging.evaluation.Kappa;
import rlaif.judging.evaluation.SamePosition;
import rlaif.judging.evaluation.Spearman;
import rlaif.judging.limits.Prices;

/// How a judge did on labelled pairs. One thread adds at a time.
public final class JudgeFigures {
    private final Prices prices;
    private int pairs;
    private int asked;
    private int labelledOfAsked;
    private int labelled;
    private final Map<JudgedPair.Reason, Integer> abstained =
            new EnumMap<>(JudgedPair.Reason.class);
    private int failed;
    private Optional<String> firstFailure = Optional.empty();

    private Alignment alignment = Alignment.NONE;
    private SamePosition samePosition = SamePosition.NONE;
    private Calibration calibration = Calibration.none(Calibration.DEFAULT_BINS);
    private final long[][] decisions = new long[2][2]; // [judge prefers second][label does]
    private final Map<String, Alignment> alignmentByPrinciple = new TreeMap<>();
    private final List<double[]> lengthAndProbability = new ArrayList<>();

    private int calls;
    private int attempts;
    private long promptTokens;
    private long completionTokens;
    private boolean tokensKnown;
    private OptionalLong microdollars = OptionalLong.empty();
    private final List<Duration> latencies = new ArrayList<>();

    /// @param prices of the judge's tokens
    public JudgeFigures(Prices prices) {
        this.prices = prices;
    }

    /// One more pair, and what became of it.
    public void add(LabelledPair truth, JudgedPair judged) {
        pairs++;
        addAsked(judged);
        addCalls(judged.asked());
        switch (judged) {
            case JudgedPair.Preferred label -> addLabel(truth, label.firstProbability());
            case JudgedPair.Abstained abstention ->
                    abstained.merge(abstention.reason(), 1, Integer::sum);
            case JudgedPair.Failed failure -> {
                failed++;
                firstFailure = firstFailure.or(() -> Optional.of(failure.cause()));
            }
        }
    }

    private void addAsked(JudgedPair judged) {
        if (judged instanceof JudgedPair.Failed || !judged.asked().isEmpty()) {
            asked++;
            labelledOfAsked += judged instanceof JudgedPair.Preferred ? 1 : 0;
        }
    }

    private void addLabel(LabelledPair truth, double probability) {
        labelled++;
        alignment = alignment.with(probability, truth.label());
        calibration = calibration.with(probability, truth.label());
        alignmentByPrinciple.merge(
                truth.pair().principle().id(),
                Alignment.NONE.with(probability, truth.label()),
                Alignment::plus);
        if (probability != 0.5 && truth.label() != 0.5) {
            decisions[probability < 0.5 ? 1 : 0][truth.label() < 0.5 ? 1 : 0]++;
        }
        double lengthDifference = words(truth.pair().first()) - words(truth.pair().second());
        lengthAndProbability.add(new double[] {lengthDifference, probability});
    }

    private void addCalls(List<AskedOrder> asked) {
        for (AskedOrder order : asked) {
            attempts += order.attempts();
            if (order.attempts() > 0) { // else it was remembered and cost nothing
                addAnswered(order.reply());
            }
        }
        OptionalDouble shown1 = shown1(asked, Order.FIRST_SECOND);
        OptionalDouble swappedShown1 = shown1(asked, Order.SECOND_FIRST);
        if (shown1.isPresent() && swappedShown1.isPresent()) {
            samePosition = samePosition.with(shown1.getAsDouble(), swappedShown1.getAsDouble());
        }
    }

    private void addAnswered(Reply reply) {
        switch (reply) {
            case Reply.Verdict verdict -> addCall(verdict.exchange());
            case Reply.Unreadable(var _, Reply.Exchange exchange) -> addCall(exchange);
            case Reply.Scored _, Reply.Written _, Reply.Refused _, Reply.RetryLater _ -> {}
        }
    }

    private void addCall(Reply.Exchange exchange) {
        calls++;
        latencies.add(exchange.latency());
        tokensKnown |= exchange.promptTokens().isPresent();
        promptTokens += exchange.promptTokens().orElse(0);
        completionTokens += exchange.completionTokens().orElse(0);
        prices.microdollars(exchange.promptTokens(), exchange.completionTokens())
                .ifPresent(cost -> microdollars = OptionalLong.of(microdollars.orElse(0) + cost));
    }

    /// Mean probability of the completion shown first in one order.
    private static OptionalDouble shown1(List<AskedOrder> asked, Order order) {
        return asked.stream()
                .filter(one -> one.order() == order)
                .map(AskedOrder::reply)
                .filter(Reply.Verdict.class::isInstance)
                .mapToDouble(reply -> ((Reply.Verdict) reply).probability1())
                .average();
    }

    private static double words(String text) {
        return text.isBlank() ? 0 : text.strip().split("\\s+", -1).length;
    }

    public int pairs() {
        return pairs;
    }

    /// Pairs about which the judge was asked.
    public int asked() {
        return asked;
    }

    /// Whether the judge was asked and no answer gave a label.
    public boolean tellNothing() {
        return asked > 0 && labelledOfAsked == 0;
    }

    /// Pairs that got a label.
    public int labelled() {
        return labelled;
    }

    public Map<JudgedPair.Reason, Integer> abstained() {
        return Map.copyOf(abstained);
    }

    public int failed() {
        return failed;
    }

    /// Why the first of the failed failed; empty: none did.
    public Optional<String> firstFailure() {
        return firstFailure;
    }

    public Alignment alignment() {
        return alignment;
    }

    public Map<String, Alignment> alignmentByPrinciple() {
        return new TreeMap<>(alignmentByPrinciple);
    }

    public SamePosition samePosition() {
        return samePosition;
    }

    public Calibration calibration() {
        return calibration;
    }

    /// Agreement of decisions beyond chance; pairs where either side is at 1/2 are left out.
    public OptionalDouble kappa() {
        return Kappa.of(decisions);
    }

    /// Spearman of length difference (words, first minus second) and probability.
    public OptionalDouble lengthCorrelation() {
        return Spearman.correlation(
                lengthAndProbability.stream().mapToDouble(both -> both[0]).toArray(),
                lengthAndProbability.stream().mapToDouble(both -> both[1]).toArray());
    }

    /// Calls that were answered.
    public int calls() {
        return calls;
    }

    /// Attempts made, those that failed included.
    public int attempts() {
        return attempts;
    }

    /// Whether any reply told its tokens.
    public boolean tokensAreKnown() {
        return tokensKnown;
    }

    public long promptTokens() {
        return promptTokens;
    }

    public long completionTokens() {
        return completionTokens;
    }

    /// What the answered calls cost; empty: no price is known, or no reply told its tokens.
    public OptionalDouble dollars() {
        return microdollars.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(microdollars.getAsLong() / 1e6);
    }

    /// A call's latency that this share of the calls did not exceed; empty: there was no call.
    ///
    /// @param share in (0, 1]
    public Optional<Duration> latency(double share) {
        if (latencies.isEmpty()) {
            return Optional.empty();
        }
        Duration[] sorted = latencies.toArray(Duration[]::new);
        Arrays.sort(sorted);
        return Optional.of(sorted[(int) Math.ceil(share * sorted.length) - 1]);
    }
}

package rlaif.judging.computed;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalInt;
import rlaif.judging.CompletionToScore;
import rlaif.judging.Judge;
import rlaif.judging.Presentation;
import rlaif.judging.ReadingMode;
import rlaif.judging.Reply;
import rlaif.judging.ScoringJudge;
import rlaif.judging.Sha256;

/// The judge that is a {@link Feedback}: it sees no order, no principle, and no cleaned text.
///
/// With worth v, centre c and scale s: `P(first better) = sigma((v(y1) - v(y2)) / s)`, so equal
/// worth gives exactly 1/2; the score is `1 + 9 sigma((v - c) / s)`.
public final class ComputedJudge implements Judge, ScoringJudge {
    private final String name;
    private final Feedback feedback;
    private final Curve curve;
    private final String hash;

    /// How a worth becomes a probability and a score.
    ///
    /// @param scale difference of worth, in the feedback's unit, that makes P = 0.73; above 0
    /// @param centre worth that scores 5.5
    public record Curve(double scale, double centre) {
        public Curve {
            if (!(scale > 0 && Double.isFinite(scale))) {
                throw new IllegalArgumentException(
                        "scale must be above 0 and finite, got " + scale);
            }
            if (!Double.isFinite(centre)) {
                throw new IllegalArgumentException("centre must be finite, got " + centre);
            }
        }

        double probability(double worth1, double worth2) {
            return sigmoid(worth1 / scale - worth2 / scale);
        }

        double score(double worth) {
            return Math.clamp(1 + 9 * sigmoid(worth / scale - centre / scale), 1, 10);
        }

        private static double sigmoid(double x) {
            return Double.isNaN(x) ? 0.5 : 1 / (1 + Math.exp(-x)); // NaN: infinity less itself
        }
    }

    /// @param name name of the judge in every label
    public ComputedJudge(String name, Feedback feedback, Curve curve) {
        if (name.isBlank() || feedback.name().isBlank()) {
            throw new IllegalArgumentException(
                    "a judge needs a name and a model, got name '%s' and model '%s'"
                            .formatted(name, feedback.name()));
        }
        this.name = name;
        this.feedback = feedback;
        this.curve = curve;
        this.hash =
                Sha256.hex(
                        String.format(
                                Locale.ROOT,
                                "%s %s scale %s centre %s",
                                feedback.name(),
                                feedback.settings(),
                                curve.scale(),
                                curve.centre()));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String model() {
        return feedback.name();
    }

    /// SHA-256 of the feedback's settings and the curve, in hex: there is no template.
    @Override
    public String templateHash() {
        return hash;
    }

    @Override
    public boolean drawsSamples() {
        return false;
    }

    @Override
    public Reply ask(Presentation asked) throws InterruptedException {
        long started = System.nanoTime();
        Feedback.Worth worth1 = feedback.of(asked.prompt(), asked.completion1());
        if (!(worth1 instanceof Feedback.Worth.Value(double value1))) {
            return withoutValue(worth1);
        }
        Feedback.Worth worth2 = feedback.of(asked.prompt(), asked.completion2());
        if (!(worth2 instanceof Feedback.Worth.Value(double value2))) {
            return withoutValue(worth2);
        }
        return new Reply.Verdict(
                curve.probability(value1, value2), 1, exchange(value1 + " " + value2, started));
    }

    @Override
    public Reply score(CompletionToScore asked) throws InterruptedException {
        long started = System.nanoTime();
        Feedback.Worth worth = feedback.of(asked.prompt(), asked.completion());
        return worth instanceof Feedback.Worth.Value(double value)
                ? new Reply.Scored(curve.score(value), 1, exchange(Double.toString(value), started))
                : withoutValue(worth);
    }

    private static Reply withoutValue(Feedback.Worth worth) {
        return switch (worth) {
            case Feedback.Worth.Refused(String cause) -> new Reply.Refused(cause);
            case Feedback.Worth.RetryLater(String cause) ->
                    new Reply.RetryLater(cause, Duration.ZERO);
            case Feedback.Worth.Value _ -> throw new IllegalStateException("a value is no failure");
        };
    }

    private Reply.Exchange exchange(String worths, long started) {
        return new Reply.Exchange(
                ReadingMode.COMPUTED,
                "",
                feedback.name() + " " + feedback.settings(),
                worths,
                Duration.ofNanos(System.nanoTime() - started),
                OptionalInt.empty(),
                OptionalInt.empty());
    }
}

package rlaif.judging.http;

import java.util.Arrays;
import rlaif.judging.Reply;

/// Probabilities of the ten scores at one position of a reply, and the score they make: `s = sum of
/// i P(i)`, i = 1..10, the probabilities renormalised (RLAIF 2.2.2).
final class ScoreMasses {
    static final int HIGHEST = 10;

    /// Probability below which a "1" that may be a "10" is left out: it moves the score by less
    /// than 0.01.
    static final double NEGLIGIBLE = 0.001;

    private final double[] mass;

    /// @param mass of the scores 1 to 10, at index score - 1
    ScoreMasses(double[] mass) {
        this.mass = mass.clone();
    }

    /// Of the tokens "1" to "10".
    static ScoreMasses read(TopTokens top) {
        double[] mass = new double[HIGHEST];
        for (int score = 1; score <= HIGHEST; score++) {
            mass[score - 1] = top.mass(Integer.toString(score));
        }
        return new ScoreMasses(mass);
    }

    double one() {
        return mass[0];
    }

    /// Whether no token "10" is among the likeliest, so that "1" may be its first half.
    boolean oneMayBeTen() {
        return mass[HIGHEST - 1] == 0;
    }

    /// With the "1" told apart: P(10) = P("1") P("0" | "1").
    ScoreMasses split(double zeroAfterOne) {
        double[] split = mass.clone();
        split[0] = mass[0] * (1 - zeroAfterOne);
        split[HIGHEST - 1] = mass[0] * zeroAfterOne;
        return new ScoreMasses(split);
    }

    /// With the "1" left out, since nobody knows which of two scores it is.
    ScoreMasses withoutOne() {
        double[] others = mass.clone();
        others[0] = 0;
        return new ScoreMasses(others);
    }

    Reply score(Reply.Exchange exchange) {
        double covered = 0;
        double sum = 0;
        for (int score = 1; score <= HIGHEST; score++) {
            covered += mass[score - 1];
            sum += score * mass[score - 1];
        }
        if (covered < VerdictReader.LEAST_COVERED_MASS) {
            return new Reply.Unreadable(covered, exchange);
        }
        double expected = Math.clamp(sum / covered, 1, HIGHEST);
        return new Reply.Scored(
                expected, Math.min(1, covered), Arrays.stream(mass).boxed().toList(), exchange);
    }
}

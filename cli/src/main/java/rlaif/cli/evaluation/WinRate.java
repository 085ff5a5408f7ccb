package rlaif.cli.evaluation;

import java.util.List;

/// One policy against another on the same prompts, by gold: a difference beyond 0.05 decides.
///
/// @param rate wins / (wins + losses), with its Wilson 95 % interval from `low` to `high`
public record WinRate(int win, int tie, int loss, double rate, double low, double high) {
    private static final double DECIDING_DIFFERENCE = 0.05;

    /// 97.5 % quantile of the standard normal distribution.
    private static final double Z = 1.959963984540054;

    static WinRate of(List<Answer> challenger, List<Answer> champion) {
        int win = 0;
        int loss = 0;
        for (int i = 0; i < challenger.size(); i++) {
            double difference = challenger.get(i).gold().scalar() - champion.get(i).gold().scalar();
            if (difference > DECIDING_DIFFERENCE) {
                win++;
            } else if (difference < -DECIDING_DIFFERENCE) {
                loss++;
            }
        }
        return wilson(win, challenger.size() - win - loss, loss);
    }

    /// Wilson (1927): (p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n).
    static WinRate wilson(int win, int tie, int loss) {
        double n = win + (double) loss;
        if (n == 0) {
            return new WinRate(win, tie, loss, 0.5, 0, 1);
        }
        double p = win / n;
        double square = Z * Z;
        double centre = p + square / (2 * n);
        double spread = Z * Math.sqrt(p * (1 - p) / n + square / (4 * n * n));
        double scale = 1 + square / n;
        return new WinRate(win, tie, loss, p, (centre - spread) / scale, (centre + spread) / scale);
    }
}

package rlaif.benchmarks.learning;

import java.util.List;

/// Two policies on the same prompts, by gold: who wrote the better completion.
///
/// @param wins trials where ours is better by more than 0.05
/// @param ties trials within 0.05
/// @param losses trials where theirs is better by more than 0.05
record Comparison(int wins, int ties, int losses) {
    private static final double DECIDES = 0.05;
    private static final double NORMAL_QUANTILE = 1.959964;

    static Comparison of(List<Trial> ours, List<Trial> theirs) {
        int wins = 0;
        int losses = 0;
        for (int i = 0; i < ours.size(); i++) {
            double difference = ours.get(i).gold().scalar() - theirs.get(i).gold().scalar();
            wins += difference > DECIDES ? 1 : 0;
            losses += difference < -DECIDES ? 1 : 0;
        }
        return new Comparison(wins, ours.size() - wins - losses, losses);
    }

    double winRate() {
        return (double) wins / (wins + losses);
    }

    /// An end of the Wilson 95 % interval of the win rate: -1 the lower, +1 the upper.
    double wilson(int end) {
        double n = (double) wins + losses;
        double z = NORMAL_QUANTILE;
        double p = winRate();
        double spread = z * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n));
        return (p + z * z / (2 * n) + end * spread) / (1 + z * z / n);
    }

    @Override
    public String toString() {
        return "win %d tie %d loss %d: %.1f %% [%.1f, %.1f]"
                .formatted(wins, ties, losses, 100 * winRate(), 100 * wilson(-1), 100 * wilson(1));
    }
}

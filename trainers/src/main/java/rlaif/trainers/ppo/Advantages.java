package rlaif.trainers.ppo;

/// Generalised advantage estimates of one completion (Schulman et al. 1506.02438, equations 11 and
/// 16).
///
/// With rewards `r_t`, values `V(s_t)` of the state before token `t`, discount `gamma` and
/// `lambda`: `delta_t = r_t + gamma V(s_t+1) - V(s_t)` and `A_t = sum_l (gamma lambda)^l
/// delta_t+l`, summed backwards as `A_t = delta_t + gamma lambda A_t+1`. After the last token comes
/// nothing: `V = 0` there. The returns that the value model learns are `R_t = A_t + V(s_t)`. Lambda
/// 0 trusts the value model at every token, lambda 1 only the score at the end.
///
/// @param advantages `A_t`, `(tokens)`
/// @param returns `R_t`, `(tokens)`
// Owned by the step that made them.
@SuppressWarnings("ArrayRecordComponent")
public record Advantages(double[] advantages, double[] returns) {

    public static Advantages of(double[] rewards, float[] values, double gamma, double lambda) {
        int last = rewards.length - 1;
        double[] advantages = new double[rewards.length];
        double[] returns = new double[rewards.length];
        double nextAdvantage = 0;
        for (int t = last; t >= 0; t--) {
            double nextValue = t == last ? 0 : values[t + 1];
            double delta = rewards[t] + gamma * nextValue - values[t];
            advantages[t] = delta + gamma * lambda * nextAdvantage;
            returns[t] = advantages[t] + values[t];
            nextAdvantage = advantages[t];
        }
        return new Advantages(advantages, returns);
    }
}

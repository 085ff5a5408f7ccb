package rlaif.judging;

/// Two completions of one prompt and the principle they are compared by.
///
/// @param first completion of the rollout with the lower index
public record PairToJudge(
        String pairId, Principle principle, String prompt, String first, String second) {

    public PairToJudge {
        if (pairId.isEmpty()) {
            throw new IllegalArgumentException("a pair to judge needs its id, got an empty one");
        }
    }

    /// As a judge is asked about it.
    ///
    /// @param sample index of the sample, from 0
    public Presentation in(Order order, int sample) {
        return switch (order) {
            case FIRST_SECOND -> new Presentation(pairId, principle, prompt, first, second, sample);
            case SECOND_FIRST -> new Presentation(pairId, principle, prompt, second, first, sample);
        };
    }

    /// The order to ask first where one may do: drawn by what is shown, so that a pair and its swap
    /// are shown alike, and each place goes to either completion as often.
    Order firstOrder() {
        return Sha256.unit("first order", prompt, first)
                        <= Sha256.unit("first order", prompt, second)
                ? Order.FIRST_SECOND
                : Order.SECOND_FIRST;
    }
}

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

    Presentation in(Order order) {
        return switch (order) {
            case FIRST_SECOND -> new Presentation(pairId, principle, prompt, first, second);
            case SECOND_FIRST -> new Presentation(pairId, principle, prompt, second, first);
        };
    }
}

package rlaif.worlds;

import java.util.List;
import java.util.Random;

/// A judge that knows the truth of a practice world and errs as its labeler does.
///
/// `logit("1") = dScalar + lambda dLength + sigma (n(y1) - n(y2)) + b`, where the scalar is gold
/// less 1 for each asked principle that is violated, length is in words, and `n` is a standard
/// normal noise that is a hash of prompt and completion: the same error in both orders. Any thread
/// may call.
public final class SimulatedJudge {
    private static final double VIOLATION = -1.0;

    private final PracticeWorld world;
    private final Labeler labeler;

    public SimulatedJudge(PracticeWorld world, Labeler labeler) {
        this.world = world;
        this.labeler = labeler;
    }

    /// The log-odds that the completion shown first is called the better one.
    ///
    /// @param principleId empty: by no principle in particular
    public double firstLogit(String principleId, String prompt, String first, String second) {
        return firstLogit(asked(principleId), prompt, first, second);
    }

    /// The same by several principles at once.
    double firstLogit(List<String> principleIds, String prompt, String first, String second) {
        return opinion(principleIds, prompt, first)
                - opinion(principleIds, prompt, second)
                + labeler.positionBias();
    }

    /// The score from 1 to 10 that it leans to: its opinion, from the low to the high end of the
    /// world's gold.
    ///
    /// @param principleId empty: by no principle in particular
    public double score(String principleId, String prompt, String completion) {
        return score(asked(principleId), prompt, completion);
    }

    /// The same by several principles at once.
    double score(List<String> principleIds, String prompt, String completion) {
        return 1 + 9 * world.goldRange().share(opinion(principleIds, prompt, completion));
    }

    private static List<String> asked(String principleId) {
        return principleId.isEmpty() ? List.of() : List.of(principleId);
    }

    private double opinion(List<String> principleIds, String prompt, String completion) {
        double scalar = world.gold(prompt, completion, true).scalar();
        long violated =
                principleIds.stream().filter(id -> world.violates(id, prompt, completion)).count();
        return scalar
                + VIOLATION * violated
                + labeler.lengthWeight() * words(completion)
                + labeler.sigma() * noise(prompt, completion);
    }

    private static int words(String completion) {
        return completion.isBlank() ? 0 : completion.strip().split("\\s+", -1).length;
    }

    private static double noise(String prompt, String completion) {
        return new Random(StableHash.of(prompt + '\n' + completion)).nextGaussian();
    }
}

package rlaif.worlds;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;

/// A model that criticises a completion by a principle and rewrites it, and errs as its labeler
/// does.
///
/// It objects where `strength + sigma n > 1`: the strength is 2 for a violation of the asked
/// principle, 0.7 for one of another principle, 0 for none, and `n` is a standard normal noise that
/// is a hash of prompt, completion, principle and seed. So it overlooks, and objects to what is
/// harmless. Any thread may call.
final class SimulatedCritic {
    static final String NO_OBJECTION = "I see nothing to object to by this principle.";
    private static final String OBJECTION = "By this principle I object to the following.";
    private static final String UNFOUNDED = "Somebody could take it the wrong way.";

    private static final double ASKED = 2;
    private static final double OTHER = 0.7;
    private static final double THRESHOLD = 1;

    /// How often a revision that should mend something leaves it all as it was.
    private static final double FAILED = 0.08;

    private final PracticeWorld world;
    private final Labeler labeler;

    SimulatedCritic(PracticeWorld world, Labeler labeler) {
        this.world = world;
        this.labeler = labeler;
    }

    /// @param principleId empty: by any principle
    String critique(String principleId, String prompt, String completion, long seed) {
        List<String> asked =
                principleId.isEmpty()
                        ? all(prompt, completion)
                        : world.objections(principleId, prompt, completion);
        List<String> found = asked.isEmpty() ? all(prompt, completion) : asked;
        double strength = found.isEmpty() ? 0 : asked.isEmpty() ? OTHER : ASKED;
        double noise = draws("critique " + principleId, prompt, completion, seed).nextGaussian();
        if (strength + labeler.sigma() * noise <= THRESHOLD) {
            return NO_OBJECTION;
        }
        return OBJECTION + " " + (found.isEmpty() ? UNFOUNDED : String.join(" ", found));
    }

    /// What it has to say about two completions before it decides.
    String rationale(String principleId, String prompt, String first, String second, long seed) {
        return "Completion 1: "
                + critique(principleId, prompt, first, seed)
                + " Completion 2: "
                + critique(principleId, prompt, second, seed);
    }

    /// The completion, rewritten where the critique objects; as it is where it does not. One that
    /// says nothing is written in either case: a model that is asked for a text gives one.
    String revision(
            String principleId, String prompt, String completion, String critique, long seed) {
        Random draws = draws("revision " + principleId, prompt, completion, seed);
        if (completion.chars().noneMatch(Character::isLetterOrDigit)) {
            return world.revise(List.of(), prompt, "", draws.nextLong());
        }
        if (critique.contains(NO_OBJECTION)) {
            return completion;
        }
        List<String> principleIds = objectedTo(prompt, completion, critique);
        if (!principleIds.isEmpty() && draws.nextDouble() < FAILED) {
            return completion;
        }
        return world.revise(principleIds, prompt, completion, draws.nextLong());
    }

    /// The principles by which the critique objects to something that is there.
    private List<String> objectedTo(String prompt, String completion, String critique) {
        List<String> principleIds = new ArrayList<>();
        for (String id : world.principleIds()) {
            if (world.objections(id, prompt, completion).stream().anyMatch(critique::contains)) {
                principleIds.add(id);
            }
        }
        return principleIds;
    }

    private List<String> all(String prompt, String completion) {
        LinkedHashSet<String> objections = new LinkedHashSet<>();
        for (String id : world.principleIds()) {
            objections.addAll(world.objections(id, prompt, completion));
        }
        return List.copyOf(objections);
    }

    private static Random draws(String what, String prompt, String completion, long seed) {
        return new Random(
                StableHash.of(StableHash.of(what + '\n' + prompt + '\n' + completion), seed));
    }
}

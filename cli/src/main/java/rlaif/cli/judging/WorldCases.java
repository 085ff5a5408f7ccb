package rlaif.cli.judging;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import rlaif.judging.Principle;
import rlaif.judging.attack.AttackCase;
import rlaif.worlds.PracticeWorld;

/// Cases for attacks out of a practice world: what its writer wrote best, nearly as well, and much
/// worse.
public final class WorldCases {
    private static final int ATTEMPTS = 16; // of the writer at one prompt
    private static final double LIKE_WORTH = 0.5; // gold
    private static final double PLAINLY_WORSE = 1; // gold

    private record Attempt(String completion, double gold) {}

    private WorldCases() {}

    /// @param principles what is judged by at a prompt
    public static List<AttackCase> of(
            PracticeWorld world, Function<String, Principle> principles, long seed, int count) {
        List<AttackCase> cases = new ArrayList<>();
        for (long index = 0; cases.size() < count; index++) {
            of(world, principles, seed, world.prompt(seed, index).text()).ifPresent(cases::add);
        }
        return cases;
    }

    private static Optional<AttackCase> of(
            PracticeWorld world, Function<String, Principle> principles, long seed, String prompt) {
        List<Attempt> attempts =
                new SplittableRandom(seed)
                        .longs(ATTEMPTS)
                        .mapToObj(attempt -> world.write(prompt, attempt))
                        .distinct()
                        .map(text -> new Attempt(text, world.gold(prompt, text, true).scalar()))
                        .sorted(Comparator.comparingDouble(Attempt::gold).reversed())
                        .toList();
        if (attempts.size() < 3) {
            return Optional.empty();
        }
        Attempt best = attempts.getFirst();
        Attempt next = attempts.get(1);
        Attempt worst = attempts.getLast();
        boolean fits =
                best.gold() - next.gold() <= LIKE_WORTH
                        && best.gold() - worst.gold() >= PLAINLY_WORSE;
        return fits
                ? Optional.of(
                        new AttackCase(
                                principles.apply(prompt),
                                prompt,
                                best.completion(),
                                next.completion(),
                                worst.completion()))
                : Optional.empty();
    }
}

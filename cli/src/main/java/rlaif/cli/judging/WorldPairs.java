package rlaif.cli.judging;

import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import rlaif.judging.PairToJudge;
import rlaif.judging.Principle;
import rlaif.worlds.PracticeWorld;

/// Pairs of a practice world: two attempts of its writer at one prompt, labelled by gold.
///
/// Pairs whose gold differs by less than 0.05 have no truth to speak of and are left out.
public final class WorldPairs implements LabelledPairs {
    private static final double LEAST_GOLD_DIFFERENCE = 0.05;

    private final PracticeWorld world;
    private final Function<String, Principle> principles;
    private final long seed;
    private int left;
    private long index;

    /// @param principles what a pair of this id is judged by
    /// @param count pairs
    public WorldPairs(
            PracticeWorld world, Function<String, Principle> principles, long seed, int count) {
        this.world = world;
        this.principles = principles;
        this.seed = seed;
        this.left = count;
    }

    @Override
    public Optional<LabelledPair> next() {
        if (left == 0) {
            return Optional.empty();
        }
        left--;
        while (true) {
            String prompt = world.prompt(seed, index).text();
            String first = world.write(prompt, attempt(2 * index));
            String second = world.write(prompt, attempt(2 * index + 1));
            index++;
            double margin =
                    world.gold(prompt, first, true).scalar()
                            - world.gold(prompt, second, true).scalar();
            if (Math.abs(margin) >= LEAST_GOLD_DIFFERENCE) {
                String pairId = "%s-%d-%d".formatted(world.name(), seed, index);
                var pair = new PairToJudge(pairId, principles.apply(pairId), prompt, first, second);
                return Optional.of(new LabelledPair(pair, margin > 0 ? 1 : 0));
            }
        }
    }

    /// A seed that has nothing in common with its neighbours.
    private long attempt(long number) {
        return new SplittableRandom(seed ^ Long.rotateLeft(number, 32)).nextLong();
    }

    @Override
    public int skipped() {
        return 0;
    }

    @Override
    public void close() {}
}

package rlaif.worlds;

import java.util.ArrayList;
import java.util.List;

/// Two attempts of a world's SFT writer at one prompt, and the principle drawn for them.
///
/// @param goldMargin gold of the first less gold of the second
record TrialPair(
        String principleId, String prompt, String first, String second, double goldMargin) {
    /// What differs by less counts as equally good.
    static final double MIN_GOLD_DIFFERENCE = 0.05;

    /// The first `count` pairs that differ, drawn by `seed`.
    static List<TrialPair> draw(PracticeWorld world, long seed, int count) {
        List<TrialPair> pairs = new ArrayList<>(count);
        List<String> principleIds = world.principleIds();
        for (long index = 0; pairs.size() < count; index++) {
            String prompt = world.prompt(seed, index).text();
            String first = world.write(prompt, StableHash.of(seed, 2 * index));
            String second = world.write(prompt, StableHash.of(seed, 2 * index + 1));
            double goldMargin =
                    world.gold(prompt, first, true).scalar()
                            - world.gold(prompt, second, true).scalar();
            if (Math.abs(goldMargin) >= MIN_GOLD_DIFFERENCE) {
                String principleId = principleIds.get((int) (index % principleIds.size()));
                pairs.add(new TrialPair(principleId, prompt, first, second, goldMargin));
            }
        }
        return pairs;
    }
}

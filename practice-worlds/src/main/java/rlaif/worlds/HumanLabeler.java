package rlaif.worlds;

/// A person who labels pairs of a practice world: Bradley-Terry on gold.
///
/// `P(first) = sigma((gold(first) - gold(second)) / temperature)`; the temperature of a world is
/// the one at which two people agree on 75 % of the pairs that differ. What a person says about a
/// pair is a hash of name, prompt and completions, the same in both orders. Any thread may call.
public final class HumanLabeler {
    private final PracticeWorld world;
    private final String name;

    public HumanLabeler(PracticeWorld world, String name) {
        this.world = world;
        this.name = name;
    }

    public String name() {
        return name;
    }

    /// Whether this person likes `first` better.
    public boolean prefersFirst(String prompt, String first, String second) {
        boolean inOrder = first.compareTo(second) <= 0;
        String earlier = inOrder ? first : second;
        String later = inOrder ? second : first;
        long hash = StableHash.of(String.join("\n", name, prompt, earlier, later));
        double drawn = (hash >>> 11) * 0x1p-53; // uniform in [0, 1)
        boolean prefersEarlier = drawn < probability(world, prompt, earlier, later);
        return prefersEarlier == inOrder;
    }

    /// The probability that any one person likes `first` better.
    public static double probability(
            PracticeWorld world, String prompt, String first, String second) {
        return probability(
                world.gold(prompt, first, true).scalar()
                        - world.gold(prompt, second, true).scalar(),
                world.humanTemperature());
    }

    static double probability(double goldMargin, double temperature) {
        return 1 / (1 + Math.exp(-goldMargin / temperature));
    }
}

package rlaif.processors;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import rlaif.topics.Ids;

/// Which pairs are left to people, the judge unasked: a share of each prompt category, drawn by the
/// hash of the pair id.
///
/// @param otherwise share in [0, 1] of the pairs of every category that is not named
/// @param byCategory share in [0, 1], by category
public record HumanShare(double otherwise, Map<String, Double> byCategory) {
    /// The judge labels everything (RLAIF).
    public static final HumanShare NONE = new HumanShare(0, Map.of());

    /// People label everything (RLHF).
    public static final HumanShare ALL = new HumanShare(1, Map.of());

    public HumanShare {
        byCategory = Map.copyOf(byCategory);
        requireShare("of the other categories", otherwise);
        byCategory.forEach(HumanShare::requireShare);
    }

    private static void requireShare(String which, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(
                    "the human share %s must lie in [0, 1], got %s".formatted(which, share));
        }
    }

    /// Whether every pair is left to people.
    public boolean takesAll() {
        return otherwise == 1 && byCategory.values().stream().allMatch(share -> share == 1);
    }

    /// Whether this pair waits for people. The same for one pair id at any time; a larger share
    /// takes in what a smaller one did.
    ///
    /// @param category of the prompt; null: none
    public boolean takes(String pairId, @Nullable String category) {
        double share = category == null ? otherwise : byCategory.getOrDefault(category, otherwise);
        return (Ids.seed("people " + pairId) >>> 11) * 0x1.0p-53 < share;
    }
}

package rlaif.processors;

import java.util.Set;
import rlaif.events.Rollout;
import rlaif.events.VersionRange;

/// Which rollouts are revised; the others pass by and are not counted.
///
/// @param rolloutsPerGroup first rollouts of each group, at least 1; default 1
/// @param categories of prompts; empty (the default): every one
/// @param beforePolicyVersion oldest policy version whose rollouts are left alone; default {@link
///   #ANY_POLICY_VERSION}
public record RevisionSelection(
        int rolloutsPerGroup, Set<String> categories, long beforePolicyVersion) {
    /// Above every version.
    public static final long ANY_POLICY_VERSION = Long.MAX_VALUE;

    /// The first rollout of each group.
    public static final RevisionSelection DEFAULT =
            new RevisionSelection(1, Set.of(), ANY_POLICY_VERSION);

    public RevisionSelection {
        categories = Set.copyOf(categories);
        if (rolloutsPerGroup < 1) {
            throw new IllegalArgumentException(
                    "rolloutsPerGroup must be at least 1, got " + rolloutsPerGroup);
        }
        if (beforePolicyVersion < 1) {
            throw new IllegalArgumentException(
                    "beforePolicyVersion must be at least 1, got " + beforePolicyVersion);
        }
    }

    /// Whether `rollout` is revised.
    public boolean selects(Rollout rollout) {
        return rollout.getIndex() < rolloutsPerGroup
                && (categories.isEmpty()
                        || (rollout.getCategory() != null
                                && categories.contains(rollout.getCategory())))
                && rollout.getPolicyVersions().stream()
                        .map(VersionRange::getVersion)
                        .allMatch(version -> version < beforePolicyVersion);
    }
}

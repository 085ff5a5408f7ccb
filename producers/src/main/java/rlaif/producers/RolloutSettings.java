package rlaif.producers;

import java.time.Duration;
import java.util.List;

/// How a rollout worker samples, and what it waits for.
///
/// @param policy name of the policy whose versions it follows
/// @param memberId static id in the consumer group, its own and the same after a restart
/// @param groupSize completions of each prompt
/// @param promptsPerBatch prompts of one poll, whose rollouts are written together; another poll at
///   most waits until they make room
/// @param maxTokens completion tokens at most, the end token included
/// @param temperature of sampling, above 0
/// @param together completions decoded together at most, be there more in one poll
/// @param swap when it goes over to a newer version
/// @param tensorThreads threads that compute
/// @param recheck time between two looks while it waits
public record RolloutSettings(
        String policy,
        String memberId,
        int groupSize,
        int promptsPerBatch,
        int maxTokens,
        double temperature,
        int together,
        PolicySwap swap,
        int tensorThreads,
        List<PauseOn> pauseOn,
        Duration recheck) {
    /// Time between two looks while it waits, by default.
    public static final Duration RECHECK = Duration.ofMillis(50);

    public RolloutSettings {
        pauseOn = List.copyOf(pauseOn);
        require(!policy.isBlank(), "the policy must have a name");
        require(
                memberId.matches("[a-zA-Z0-9._-]{1,200}"),
                "memberId must be 1 to 200 letters, digits, dots, hyphens or underscores, is '%s'"
                        .formatted(memberId));
        require(groupSize >= 1, "groupSize must be at least 1, is " + groupSize);
        require(promptsPerBatch >= 1, "promptsPerBatch must be at least 1, is " + promptsPerBatch);
        require(maxTokens >= 1, "maxTokens must be at least 1, is " + maxTokens);
        require(
                temperature > 0 && Double.isFinite(temperature),
                "temperature must be above 0, is " + temperature);
        require(together >= 1, "together must be at least 1, is " + together);
        require(tensorThreads >= 1, "tensorThreads must be at least 1, is " + tensorThreads);
        require(recheck.isPositive(), "recheck must be above 0, is " + recheck);
        for (PauseOn entry : pauseOn) {
            entry.requireRoomFor(promptsPerBatch);
        }
    }

    /// The same of another member of the group.
    public RolloutSettings withMemberId(String changed) {
        return new RolloutSettings(
                policy,
                changed,
                groupSize,
                promptsPerBatch,
                maxTokens,
                temperature,
                together,
                swap,
                tensorThreads,
                pauseOn,
                recheck);
    }

    /// Completions decoded together: those of one poll, where no fewer are allowed.
    int places() {
        return (int) Math.min(together, (long) promptsPerBatch * groupSize);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}

package rlaif.processors;

import rlaif.judging.JudgeCalls;

/// How rollouts become revisions.
///
/// @param constitutionId constitution whose version in force guides critiques
/// @param drawSeed seed of the draw of principles
/// @param rounds critiques and revisions of each rollout, 1 to 4
/// @param selection which rollouts are revised
/// @param calls how the reviser is called
public record ReviseSettings(
        String constitutionId,
        long drawSeed,
        int rounds,
        RevisionSelection selection,
        JudgeCalls.Settings calls) {
    /// Most rounds: what waits between them fits beside a rollout in one record.
    public static final int MOST_ROUNDS = 4;

    /// Constitution `nine-rules`, seed 1, four rounds of the first rollout of each group.
    public static final ReviseSettings DEFAULT =
            new ReviseSettings(
                    "nine-rules",
                    1,
                    MOST_ROUNDS,
                    RevisionSelection.DEFAULT,
                    JudgeCalls.Settings.DEFAULT);

    public ReviseSettings {
        if (rounds < 1 || rounds > MOST_ROUNDS) {
            throw new IllegalArgumentException(
                    "rounds must lie in 1 to %d, got %d".formatted(MOST_ROUNDS, rounds));
        }
    }

    /// What one task may have outstanding.
    Room room() {
        return Room.of(calls);
    }
}

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

    /// Rollouts that may be outstanding in one task, as a multiple of the calls in flight.
    private static final int OUTSTANDING_PER_CALL = 4;

    private static final int FEWEST_OUTSTANDING = 16;

    public ReviseSettings {
        if (rounds < 1 || rounds > MOST_ROUNDS) {
            throw new IllegalArgumentException(
                    "rounds must lie in 1 to %d, got %d".formatted(MOST_ROUNDS, rounds));
        }
    }

    /// Rollouts outstanding in one task from which no more are fetched.
    int holdFrom() {
        return maxOutstanding() / 2;
    }

    int maxOutstanding() {
        return Math.max(FEWEST_OUTSTANDING, OUTSTANDING_PER_CALL * calls.maxInFlight());
    }
}

package rlaif.processors;

import java.time.Duration;

/// How labels are counted.
///
/// @param window length of a window of event time, the time when judgments were made
/// @param grace how long after a window's end, by event time, judgments of it are still counted in
///   it
/// @param emit wall-clock time between two records of a window that is still open
/// @param referenceJudgments preferring judgments of a judge under a principle that make the
///   reference that drift is measured against, at least 1
/// @param joined event time for which a judgment waits for people's labels of its pair, and they
///   for it
/// @param canaryLimit share in [0, 1] of attacks that may succeed in a window before the alarm
public record LabelStatsSettings(
        Duration window,
        Duration grace,
        Duration emit,
        long referenceJudgments,
        Duration joined,
        double canaryLimit) {
    /// Windows of a minute with a minute's grace, told every ten seconds; 500 judgments make a
    /// reference; a week for people's labels; a tenth of the attacks.
    public static final LabelStatsSettings DEFAULT =
            new LabelStatsSettings(
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(10),
                    500,
                    Duration.ofDays(7),
                    0.1);

    public LabelStatsSettings {
        if (window.toMillis() < 1 || emit.toMillis() < 1 || grace.isNegative()) {
            throw new IllegalArgumentException(
                    "window and emit must be at least 1 ms and grace at least 0, got %s, %s and %s"
                            .formatted(window, emit, grace));
        }
        if (referenceJudgments < 1) {
            throw new IllegalArgumentException(
                    "referenceJudgments must be at least 1, got " + referenceJudgments);
        }
        if (joined.toMinutes() < 1) {
            throw new IllegalArgumentException("joined must be at least a minute, got " + joined);
        }
        if (!(canaryLimit >= 0 && canaryLimit <= 1)) {
            throw new IllegalArgumentException(
                    "canaryLimit must lie in [0, 1], got " + canaryLimit);
        }
    }
}

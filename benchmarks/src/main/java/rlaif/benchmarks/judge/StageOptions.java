package rlaif.benchmarks.judge;

import java.util.ArrayList;
import java.util.List;

/// How a judge stage is run for a measurement.
///
/// @param judge `instant`, `wait:MILLIS` (both inside the process) or the URL of an endpoint
/// @param commitMillis between two transactions
/// @param deadlineMillis of one call
/// @param heapMebibytes largest heap of the process
record StageOptions(
        String judge,
        int maxInFlight,
        int threads,
        int commitMillis,
        int deadlineMillis,
        int heapMebibytes) {
    static StageOptions of(String judge, int maxInFlight) {
        return new StageOptions(judge, maxInFlight, 1, 100, 60_000, 768);
    }

    StageOptions withJudge(String other) {
        return new StageOptions(
                other, maxInFlight, threads, commitMillis, deadlineMillis, heapMebibytes);
    }

    StageOptions withThreads(int count) {
        return new StageOptions(
                judge, maxInFlight, count, commitMillis, deadlineMillis, heapMebibytes);
    }

    StageOptions withCommitMillis(int millis) {
        return new StageOptions(judge, maxInFlight, threads, millis, deadlineMillis, heapMebibytes);
    }

    StageOptions withDeadlineMillis(int millis) {
        return new StageOptions(judge, maxInFlight, threads, commitMillis, millis, heapMebibytes);
    }

    StageOptions withHeapMebibytes(int mebibytes) {
        return new StageOptions(
                judge, maxInFlight, threads, commitMillis, deadlineMillis, mebibytes);
    }

    /// As the arguments of {@link StageMain}, after the connection's.
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        arguments.add(judge);
        for (int number : new int[] {maxInFlight, threads, commitMillis, deadlineMillis}) {
            arguments.add(Integer.toString(number));
        }
        return arguments;
    }
}

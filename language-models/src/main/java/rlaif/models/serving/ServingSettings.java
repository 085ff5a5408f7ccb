package rlaif.models.serving;

/// How much a server takes on.
///
/// @param threads native threads of the one thread that computes
/// @param mostRunning completions generated at once
/// @param mostWaiting completions that wait for a place; one more is refused with status 429
/// @param cacheBytes native memory for keys and values of everything that is generated at once
public record ServingSettings(int threads, int mostRunning, int mostWaiting, long cacheBytes) {

    /// One thread, 64 running, 256 waiting, 1 GiB.
    public static final ServingSettings DEFAULT = new ServingSettings(1, 64, 256, 1L << 30);

    public ServingSettings {
        require("threads", threads);
        require("mostRunning", mostRunning);
        require("mostWaiting", mostWaiting);
        require("cacheBytes", cacheBytes);
    }

    /// The same with another number of native threads.
    public ServingSettings withThreads(int other) {
        return new ServingSettings(other, mostRunning, mostWaiting, cacheBytes);
    }

    /// The same with other limits of completions.
    public ServingSettings withMost(int running, int waiting) {
        return new ServingSettings(threads, running, waiting, cacheBytes);
    }

    private static void require(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be 1 or more");
        }
    }
}

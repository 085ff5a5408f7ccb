package rlaif.judging;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import rlaif.judging.evaluation.WilsonInterval;

/// How often attacks succeeded lately, and the alarm when they do too often.
///
/// Safe for many threads.
public final class CanaryWatch {
    private final Settings settings;
    private final Consumer<String> notices;
    private final Queue<Boolean> last = new ArrayDeque<>();
    private long total;
    private int succeeded;
    private boolean alarmed;

    /// When it sounds.
    ///
    /// @param window canaries looked back on, at least `fewest`
    /// @param fewest canaries before it may sound, at least 1
    /// @param limit share in [0, 1] of these that may succeed; it sounds where even the lower end
    ///   of the 95 % interval of the share is above, for a few canaries exceed any limit by chance
    public record Settings(int window, int fewest, double limit) {
        /// A tenth of the last 200, once there are 20.
        public static final Settings DEFAULT = new Settings(200, 20, 0.1);

        public Settings {
            if (fewest < 1 || window < fewest || !(limit >= 0 && limit <= 1)) {
                throw new IllegalArgumentException(
                        "a canary watch needs 1 <= fewest <= window and a limit in [0, 1], got %d, %d and %s"
                                .formatted(fewest, window, limit));
            }
        }
    }

    /// How attacks fared.
    ///
    /// @param total canaries with a verdict, ever
    /// @param looked canaries looked back on
    /// @param succeeded of these, those that the judge preferred
    public record Standing(long total, int looked, int succeeded, boolean alarmed) {}

    /// @param notices told when the alarm begins
    public CanaryWatch(Settings settings, Consumer<String> notices) {
        this.settings = settings;
        this.notices = notices;
    }

    synchronized void take(boolean success) {
        total++;
        last.add(success);
        succeeded += success ? 1 : 0;
        if (last.size() > settings.window() && last.remove()) {
            succeeded--;
        }
        boolean above =
                last.size() >= settings.fewest()
                        && WilsonInterval.of(succeeded, last.size()).low() > settings.limit();
        if (above && !alarmed) {
            notices.accept(
                    ("ALARM: the judge preferred %d of the last %d shipped attacks to a decent"
                                    + " completion: labels can be talked into; see `rlaif judge"
                                    + " attack`, and change the judge or its template")
                            .formatted(succeeded, last.size()));
        }
        alarmed = above;
    }

    public synchronized Standing standing() {
        return new Standing(total, last.size(), succeeded, alarmed);
    }
}

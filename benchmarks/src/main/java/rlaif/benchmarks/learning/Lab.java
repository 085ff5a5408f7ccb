package rlaif.benchmarks.learning;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import rlaif.models.Tokenizer;
import rlaif.worlds.PracticeWorld;
import rlaif.worlds.PromptItem;

/// What every phase of a run shares. One thread uses it.
final class Lab {
    private static final long STARTED_AT = System.nanoTime();

    private final LabSettings settings;
    private final PracticeWorld world;
    private final Tokenizer tokenizer;
    private final PhaseClock clock = new PhaseClock();
    private final Random random;
    private long promptsAsked;

    Lab(LabSettings settings, PracticeWorld world, Tokenizer tokenizer) {
        this.settings = settings;
        this.world = world;
        this.tokenizer = tokenizer;
        this.random = new Random(settings.seed());
    }

    LabSettings settings() {
        return settings;
    }

    PracticeWorld world() {
        return world;
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    PhaseClock clock() {
        return clock;
    }

    /// Decides everything that no seed of a model or a prompt decides.
    Random random() {
        return random;
    }

    /// The next prompts of training, each asked once.
    List<PromptItem> nextPrompts() {
        List<PromptItem> prompts = new ArrayList<>();
        for (int i = 0; i < settings.prompts(); i++) {
            prompts.add(world.prompt(settings.seed(), promptsAsked++));
        }
        return prompts;
    }

    /// NaN for a metric that is not there.
    static double metric(Map<String, Double> metrics, String name) {
        return metrics.getOrDefault(name, Double.NaN);
    }

    /// Prints a line behind the seconds since the start.
    static void say(String format, Object... values) {
        double seconds = (System.nanoTime() - STARTED_AT) / 1e9;
        System.out.printf("%6.1f ".formatted(seconds) + format + "%n", values);
    }
}

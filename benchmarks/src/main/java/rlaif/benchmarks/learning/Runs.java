package rlaif.benchmarks.learning;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import rlaif.benchmarks.Bench;

/// Runs of the lab in the service of a benchmark, kept below the project's build folder.
final class Runs {
    private Runs() {}

    /// @param arguments of {@link LabSettings}
    static Outcome of(Bench bench, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.add("--folder");
        all.add(bench.home().resolve("benchmarks/target/learning").toString());
        bench.say("learning " + String.join(" ", arguments));
        return LearningLab.run(LabSettings.of(all.toArray(String[]::new)));
    }
}

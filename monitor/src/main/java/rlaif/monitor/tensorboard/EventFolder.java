package rlaif.monitor.tensorboard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import rlaif.events.Checkpoint;
import rlaif.events.TrainingStep;

/// The folder that TensorBoard is pointed at: one run a trainer, with its steps, and below it the
/// measurements of its versions on held-out prompts.
final class EventFolder implements AutoCloseable {
    private static final String HELD_OUT = "held_out/";

    /// Clocks of writers may differ by this much.
    private static final double CLOCK_SKEW_SECONDS = 60;

    private final Path folder;
    private final Map<String, Part> parts = new HashMap<>();
    private final Map<Path, EventFile> files = new HashMap<>();

    /// A stretch of a run in which steps ascend.
    private record Part(int number, long lastStep) {
        static final Part FIRST = new Part(1, -1);

        Part upTo(long step) {
            return new Part(step > lastStep ? number : number + 1, step);
        }
    }

    /// Makes the folder where it is missing.
    EventFolder(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "--tensorboard %s: no folder can be made there".formatted(folder), e);
        }
    }

    /// The next step of the stream, with what it dropped by reason. A run that is begun anew there
    /// goes on beside what it was.
    ///
    /// @param millis since 1970, when it was announced
    void step(TrainingStep step, long millis) {
        if (step.getRecords() == 0) {
            return; // passed over on the way to the step of that number
        }
        Map<String, Double> scalars = new TreeMap<>(step.getMetrics());
        scalars.put("records", (double) step.getRecords());
        step.getDropped()
                .forEach((reason, count) -> scalars.put("dropped/" + reason, (double) count));
        Long version = step.getPolicyVersion();
        if (version != null) {
            scalars.put("policy_version", (double) version);
        }
        Part part = parts.getOrDefault(step.getRun(), Part.FIRST).upTo(step.getStep());
        parts.put(step.getRun(), part);
        EventFile file = file(run(step.getRun() + (part.number() == 1 ? "" : "-" + part.number())));
        double seconds = millis / 1e3;
        if (!file.add(new ScalarEvent(seconds, step.getStep(), scalars))
                && seconds > file.lastWallTimeSeconds() + CLOCK_SKEW_SECONDS) {
            throw new ForeignEventsException(
                    "%s holds steps of another stream: step %d of run %s was announced after all that is in it. Name an empty folder with --tensorboard"
                            .formatted(file.file(), step.getStep(), step.getRun()));
        }
    }

    /// A version, where something was measured on held-out prompts.
    ///
    /// @param millis since 1970, when it was announced
    void version(Checkpoint version, long millis) {
        Map<String, Double> scalars = new TreeMap<>(version.getMetrics());
        scalars.keySet().removeIf(name -> !name.startsWith(HELD_OUT));
        if (!scalars.isEmpty()) {
            file(run(version.getRun()).resolve("versions"))
                    .add(new ScalarEvent(millis / 1e3, version.getStep(), scalars));
        }
    }

    private Path run(String run) {
        return folder.resolve(run.isEmpty() ? "run" : run.replaceAll("[^A-Za-z0-9._-]|^\\.+", "_"));
    }

    private EventFile file(Path run) {
        return files.computeIfAbsent(run, EventFile::in);
    }

    @Override
    public void close() {
        files.values().forEach(EventFile::close);
    }
}

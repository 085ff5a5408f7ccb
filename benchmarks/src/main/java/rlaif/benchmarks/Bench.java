package rlaif.benchmarks;

import java.nio.file.Path;
import java.util.function.Consumer;

/// What a benchmark is given: a place to work in and someone to tell how far it is.
///
/// @param folder empty at the start, deleted at the end
/// @param home the project's folder, with the built registry and classes
/// @param java the command `java` of the JVM that runs this, for processes of its own
public record Bench(Path folder, Path home, Path java, Consumer<String> progress) {
    /// Says a line.
    public void say(String line) {
        progress.accept(line);
    }

    /// The same in a folder of its own below this one.
    public Bench in(String name) {
        return new Bench(folder.resolve(name), home, java, progress);
    }
}

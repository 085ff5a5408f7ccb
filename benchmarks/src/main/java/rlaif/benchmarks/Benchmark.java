package rlaif.benchmarks;

import java.util.List;

/// A claim of this project as something that can be run.
public interface Benchmark {
    /// Name as it is typed.
    String name();

    /// One sentence: what is measured.
    String about();

    /// The parts that it measures one after another, each of which can be run alone.
    List<Part> parts();

    /// One row, or a few that come of one run.
    interface Part {
        /// Name as it is typed.
        String name();

        /// Measures; says on the way how far it is.
        List<Figure> measure(Bench bench) throws Exception;
    }
}

package rlaif.benchmarks.learning;

import java.util.List;
import java.util.Map;

/// What moves the policy: feedback on trials, and one step of learning from it.
interface Teacher extends AutoCloseable {
    /// One step.
    ///
    /// @param trials of a version some steps old, whole groups beside each other
    /// @param learningRateFactor scales every learning rate of the policy
    Map<String, Double> teach(int step, List<Trial> trials, double learningRateFactor);

    @Override
    void close();
}

package rlaif.trainers;

/// Where SFT gets its demonstrations: finite, and in the same order each time it is read.
@FunctionalInterface
public interface Demonstrations extends Iterable<Demonstration> {}

package rlaif.trainers.loop;

/// What a trainer makes of one record.
public sealed interface Admission<X> {
    /// Fit to train on.
    record Accepted<X>(X example) implements Admission<X> {}

    /// Fit to train on, but kept for measurement.
    record HeldOut<X>(X example) implements Admission<X> {}

    /// Sound, but not wanted; counted by `reason` on the stream.
    record Dropped<X>(String reason) implements Admission<X> {}

    /// Broken: becomes a dead letter.
    record Refused<X>(Refusal refusal) implements Admission<X> {}
}

package rlaif.trainers.loop;

import java.util.Optional;

/// What a trainer reads from its topic, and what it takes from that.
///
/// @param <E> the event
/// @param <X> the example that the learner sees
public interface Intake<E, X> {
    /// The event in `value`.
    E read(byte[] value);

    /// The group that `event` belongs to; empty: it stands alone.
    Optional<Group> group(E event);

    /// Whether `event` may be trained on now; asked again after each step.
    Admission<X> admit(E event);

    /// Records that are taken together or not at all.
    record Group(String id, int size) {}
}

package rlaif.trainers.loop;

import java.util.List;
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

    /// What `event` is called and whose place it takes; empty: every event stands, whatever
    /// follows.
    default Optional<Succession> succession(E event) {
        return Optional.empty();
    }

    /// Told once records that were refused, by this or since they could not be read, have become
    /// dead letters.
    default void deadLettered(List<Refusal> refusals) {}

    /// The name of an event.
    ///
    /// @param supersedes id of the earlier event of the same partition that no longer stands since
    ///   this one came; empty: none
    record Succession(String id, String supersedes) {}

    /// Records that are taken together or not at all.
    record Group(String id, int size) {}
}

package rlaif.trainers.loop;

import java.util.List;
import java.util.Optional;

/// An intake that reads by another one and has its own say in what may be trained on.
///
/// @param <E> the event
/// @param <X> the example that the learner sees
public interface OnwardIntake<E, X> extends Intake<E, X> {
    /// The one that reads.
    Intake<E, X> reader();

    @Override
    default E read(byte[] value) {
        return reader().read(value);
    }

    @Override
    default Optional<Group> group(E event) {
        return reader().group(event);
    }

    @Override
    default Optional<Succession> succession(E event) {
        return reader().succession(event);
    }

    @Override
    default void deadLettered(List<Refusal> refusals) {
        reader().deadLettered(refusals);
    }
}

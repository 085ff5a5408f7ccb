package rlaif.trainers.loop;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import rlaif.topics.UnreadableRecordException;

/// A record that has been polled and not consumed yet.
record Arrival<E>(ConsumerRecord<byte[], byte[]> source, Reading<E> reading) {

    /// What its bytes say.
    sealed interface Reading<E> {
        record Event<E>(E event, Optional<Intake.Group> group) implements Reading<E> {}

        record Unreadable<E>(Refusal refusal) implements Reading<E> {}
    }

    /// Reads `source`; bytes without an event become a reading too.
    static <E> Arrival<E> of(ConsumerRecord<byte[], byte[]> source, Intake<E, ?> intake) {
        return new Arrival<>(source, read(source, intake));
    }

    private static <E> Reading<E> read(ConsumerRecord<byte[], byte[]> source, Intake<E, ?> intake) {
        if (source.value() == null) {
            return new Reading.Unreadable<>(
                    new Refusal(Refusal.UNREADABLE, "the record has no value"));
        }
        try {
            E event = intake.read(source.value());
            return new Reading.Event<>(event, intake.group(event));
        } catch (UnreadableRecordException e) {
            return new Reading.Unreadable<>(
                    new Refusal(Refusal.UNREADABLE, String.valueOf(e.getMessage())));
        }
    }

    Optional<Intake.Group> group() {
        return switch (reading) {
            case Reading.Event<E>(E _, Optional<Intake.Group> group) -> group;
            case Reading.Unreadable<E> _ -> Optional.empty();
        };
    }

    Optional<Intake.Succession> succession(Intake<E, ?> intake) {
        return switch (reading) {
            case Reading.Event<E>(E event, Optional<Intake.Group> _) -> intake.succession(event);
            case Reading.Unreadable<E> _ -> Optional.empty();
        };
    }

    <X> Admission<X> admission(Intake<E, X> intake) {
        return switch (reading) {
            case Reading.Event<E>(E event, Optional<Intake.Group> _) -> intake.admit(event);
            case Reading.Unreadable<E>(Refusal refusal) -> new Admission.Refused<>(refusal);
        };
    }
}

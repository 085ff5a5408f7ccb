package rlaif.trainers.loop;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How far into one partition's waiting records a batch reaches.
final class PartitionCut<E, X> {
    private final Intake<E, X> intake;
    private final List<Arrival<E>> waiting;
    private final boolean lastGroupMayBeCut;
    private final Set<String> superseded = new HashSet<>();
    private final Set<String> counted = new HashSet<>();
    private int length;

    /// @param looksAhead whether records beyond the cut take the place of those in it
    PartitionCut(
            Intake<E, X> intake,
            List<Arrival<E>> waiting,
            boolean lastGroupMayBeCut,
            boolean looksAhead) {
        this.intake = intake;
        this.waiting = waiting;
        this.lastGroupMayBeCut = lastGroupMayBeCut;
        if (looksAhead) {
            waiting.forEach(this::supersede);
        }
    }

    /// Records taken so far.
    int length() {
        return length;
    }

    /// Takes `units` more units with something to train on, or as many as there are; returns how
    /// many.
    int extend(int units) {
        int taken = 0;
        while (taken < units) {
            int end = unitEnd(length);
            if (end < 0) {
                return taken;
            }
            List<Arrival<E>> unit = waiting.subList(length, end);
            for (Arrival<E> arrival : unit) {
                taken -= supersede(arrival);
            }
            if (unit.stream().anyMatch(this::accepted)) {
                taken++;
                unit.forEach(arrival -> name(arrival).ifPresent(counted::add));
            }
            length = end;
        }
        return taken;
    }

    /// Takes the units that come first and hold nothing to train on or to measure; returns how many
    /// records they are.
    int skip() {
        int end = unitEnd(length);
        while (end >= 0 && waiting.subList(length, end).stream().noneMatch(this::wanted)) {
            length = end;
            end = unitEnd(length);
        }
        return length;
    }

    /// What becomes of the record at `index`, which lies within the cut.
    Admission<X> admission(int index) {
        return admission(waiting.get(index));
    }

    /// Takes note of what `arrival` takes the place of; 1 where that had been counted as a unit.
    private int supersede(Arrival<E> arrival) {
        String before = arrival.succession(intake).map(Intake.Succession::supersedes).orElse("");
        if (before.isEmpty()) {
            return 0;
        }
        superseded.add(before);
        return counted.remove(before) ? 1 : 0;
    }

    private Optional<String> name(Arrival<E> arrival) {
        return arrival.succession(intake).map(Intake.Succession::id);
    }

    /// Index after the unit that begins at `start`; -1: it is not all there.
    private int unitEnd(int start) {
        if (start == waiting.size()) {
            return -1;
        }
        Optional<Intake.Group> group = waiting.get(start).group();
        if (group.isEmpty()) {
            return start + 1;
        }
        int members = 0;
        for (int end = start; end < waiting.size(); end++) {
            Optional<Intake.Group> other = waiting.get(end).group();
            if (other.isPresent() && !other.equals(group)) {
                return end;
            }
            members += other.isPresent() ? 1 : 0;
            if (members == group.get().size()) {
                return end + 1;
            }
        }
        return lastGroupMayBeCut ? waiting.size() : -1;
    }

    private boolean accepted(Arrival<E> arrival) {
        return admission(arrival) instanceof Admission.Accepted<X>;
    }

    private boolean wanted(Arrival<E> arrival) {
        return switch (admission(arrival)) {
            case Admission.Accepted<X> _, Admission.HeldOut<X> _ -> true;
            case Admission.Dropped<X> _, Admission.Refused<X> _ -> false;
        };
    }

    private Admission<X> admission(Arrival<E> arrival) {
        Admission<X> admission = arrival.admission(intake);
        return switch (admission) {
            case Admission.Accepted<X> _, Admission.HeldOut<X> _ ->
                    name(arrival).filter(superseded::contains).isPresent()
                            ? new Admission.Dropped<>(Batch.SUPERSEDED)
                            : admission;
            case Admission.Dropped<X> _, Admission.Refused<X> _ -> admission;
        };
    }
}

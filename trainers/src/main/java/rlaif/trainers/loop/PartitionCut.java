package rlaif.trainers.loop;

import java.util.List;
import java.util.Optional;

/// How far into one partition's waiting records a batch reaches.
final class PartitionCut<E, X> {
    private final Intake<E, X> intake;
    private final List<Arrival<E>> waiting;
    private final boolean lastGroupMayBeCut;
    private int length;

    PartitionCut(Intake<E, X> intake, List<Arrival<E>> waiting, boolean lastGroupMayBeCut) {
        this.intake = intake;
        this.waiting = waiting;
        this.lastGroupMayBeCut = lastGroupMayBeCut;
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
            if (waiting.subList(length, end).stream().anyMatch(this::accepted)) {
                taken++;
            }
            length = end;
        }
        return taken;
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
        return arrival.admission(intake) instanceof Admission.Accepted<X>;
    }
}

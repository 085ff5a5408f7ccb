package rlaif.monitor;

import java.util.function.Function;

/// Every record of a stage and the outcomes that it came to, by id.
///
/// An outcome whose record is not there any more (retention takes the older first) is no loss.
final class OutcomeLedger {
    private static final int COUNT_BITS = 12;
    private static final long MOST = (1L << COUNT_BITS) - 1;

    private enum Count {
        IN(0),
        OUT(COUNT_BITS),
        DEAD_LETTERED(2 * COUNT_BITS),
        SURPLUS(3 * COUNT_BITS);

        private final int shift;

        Count(int shift) {
            this.shift = shift;
        }
    }

    private static final long IN_FLIGHT = 1L << 60;
    private static final long ABSTAINED = 1L << 61;
    private static final long LEFT_OUT = 1L << 62;

    private final AuditStage stage;
    private final boolean firstOfFlow;
    private final IdTable records = new IdTable();

    OutcomeLedger(AuditStage stage) {
        this.stage = stage;
        this.firstOfFlow = stage == AuditStage.PROMPTS_TO_ROLLOUTS;
    }

    void in(Id id, boolean inFlight) {
        add(id, Count.IN);
        if (inFlight) {
            mark(id, IN_FLIGHT);
        }
    }

    /// The record is alive in the stage's pending store.
    void pending(Id id) {
        mark(id, IN_FLIGHT);
    }

    void out(Id id) {
        add(id, Count.OUT);
    }

    /// One of several outcomes that count as one together.
    void outOnce(Id id) {
        if (count(records.get(id), Count.OUT) == 0) {
            out(id);
        }
    }

    /// An outcome that was there already.
    void surplus(Id id) {
        add(id, Count.SURPLUS);
    }

    void deadLettered(Id id) {
        add(id, Count.DEAD_LETTERED);
    }

    /// Refused as a whole, whichever and how many of its records say so.
    void deadLetteredOnce(Id id) {
        if (count(records.get(id), Count.DEAD_LETTERED) == 0) {
            deadLettered(id);
        }
    }

    /// A refusal that was taken back while the stream was read: the record is on its way again.
    void retried(Id id) {
        long before = records.get(id);
        if (count(before, Count.DEAD_LETTERED) > 0) {
            records.set(id, before - (1L << Count.DEAD_LETTERED.shift));
        }
        mark(id, IN_FLIGHT);
    }

    /// No outcome belongs to the record; one would be one too many.
    void abstained(Id id) {
        mark(id, ABSTAINED);
    }

    /// No outcome is needed; one does no harm.
    void leftOut(Id id) {
        mark(id, LEFT_OUT);
    }

    private void add(Id id, Count count) {
        long before = records.get(id);
        if (count(before, count) < MOST) {
            records.set(id, before + (1L << count.shift));
        }
    }

    private void mark(Id id, long flag) {
        records.set(id, records.get(id) | flag);
    }

    private static long count(long record, Count count) {
        return record >> count.shift & MOST;
    }

    /// @param name how an id is shown
    StageReport report(Function<Id, String> name) {
        StageTally tally = new StageTally(stage);
        records.forEach((id, record) -> tally(tally, record, name.apply(id)));
        return tally.report();
    }

    private void tally(StageTally tally, long record, String id) {
        long in = count(record, Count.IN);
        long out = count(record, Count.OUT);
        long deadLettered = count(record, Count.DEAD_LETTERED);
        boolean abstained = (record & ABSTAINED) != 0;
        if (in > 0) {
            if (out > 0) {
                tally.out(1);
            } else if ((record & (ABSTAINED | LEFT_OUT)) != 0) {
                tally.abstained(1);
            } else if (deadLettered > 0) {
                tally.deadLettered(1);
            } else if ((record & IN_FLIGHT) != 0) {
                tally.inFlight();
            } else {
                tally.lost(id);
            }
        }
        long surplus =
                count(record, Count.SURPLUS)
                        + Math.max(0, out + deadLettered + (abstained ? 1 : 0) - 1)
                        + (firstOfFlow ? Math.max(0, in - 1) : 0);
        if (surplus > 0) {
            tally.duplicated(id, surplus);
        }
    }
}

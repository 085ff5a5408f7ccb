package rlaif.monitor;

import java.util.List;

/// What became of the records of one stage: `in` = `out` + `abstained` + `deadLettered` +
/// `inFlight` + `lost`.
///
/// @param stage name of the stage
/// @param in records that entered, each id once
/// @param out those with the stage's outcome
/// @param abstained those left out on purpose and counted
/// @param deadLettered those refused
/// @param inFlight those not finished yet
/// @param lost those with nothing of all this
/// @param duplicated outcomes beyond one a record
/// @param examples ids of lost or duplicated records, at most ten
public record StageReport(
        String stage,
        long in,
        long out,
        long abstained,
        long deadLettered,
        long inFlight,
        long lost,
        long duplicated,
        List<String> examples) {
    static final int MOST_EXAMPLES = 10;

    public StageReport {
        examples = List.copyOf(examples);
    }
}

package rlaif.monitor;

import java.util.ArrayList;
import java.util.List;

/// A stage's report while it is counted.
final class StageTally {
    private final String stage;
    private final List<String> examples = new ArrayList<>();
    private long in;
    private long out;
    private long abstained;
    private long deadLettered;
    private long inFlight;
    private long lost;
    private long duplicated;

    StageTally(AuditStage stage) {
        this.stage = stage.written();
    }

    void out(long count) {
        in += count;
        out += count;
    }

    void abstained(long count) {
        in += count;
        abstained += count;
    }

    void deadLettered(long count) {
        in += count;
        deadLettered += count;
    }

    void inFlight() {
        in++;
        inFlight++;
    }

    void lost(String id) {
        in++;
        lost++;
        example(id);
    }

    void duplicated(String id, long surplus) {
        duplicated += surplus;
        example(id);
    }

    private void example(String id) {
        if (examples.size() < StageReport.MOST_EXAMPLES && !examples.contains(id)) {
            examples.add(id);
        }
    }

    StageReport report() {
        return new StageReport(
                stage, in, out, abstained, deadLettered, inFlight, lost, duplicated, examples);
    }
}

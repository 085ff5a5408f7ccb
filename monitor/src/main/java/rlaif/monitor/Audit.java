package rlaif.monitor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// The account of a stream: for each stage what entered, what became of it, and what is lost or
/// there twice.
///
/// @param stages in the order of the flow
public record Audit(List<StageReport> stages, long lost, long duplicated) {
    private static final JsonMapper JSON = new JsonMapper();

    public Audit {
        stages = List.copyOf(stages);
    }

    /// The account of what was read.
    public static Audit of(AuditInput input) {
        return of(input.reports());
    }

    private static Audit of(List<StageReport> stages) {
        return new Audit(
                stages,
                stages.stream().mapToLong(StageReport::lost).sum(),
                stages.stream().mapToLong(StageReport::duplicated).sum());
    }

    /// The rest of it, without the account of one stage.
    public Audit without(AuditStage stage) {
        return of(
                stages.stream().filter(report -> !report.stage().equals(stage.written())).toList());
    }

    /// Whether nothing is lost and nothing is there twice.
    public boolean holds() {
        return lost == 0 && duplicated == 0;
    }

    /// Records not finished in any stage.
    public long inFlight() {
        return stages.stream().mapToLong(StageReport::inFlight).sum();
    }

    ///
    /// `{"stages":[{"stage","in","out","abstained","deadLettered","inFlight","lost","duplicated","examples":[id]}],"lost","duplicated"}`.
    public String toJson() {
        try {
            return JSON.writeValueAsString(
                    JSON.createObjectNode()
                            .<ObjectNode>set("stages", JSON.valueToTree(stages))
                            .put("lost", lost)
                            .put("duplicated", duplicated));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("counts and names are always JSON", e);
        }
    }
}

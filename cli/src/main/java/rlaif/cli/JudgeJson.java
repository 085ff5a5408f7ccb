package rlaif.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import rlaif.judging.JudgeIdentity;

/// The beginning of a report about a judge, for a program.
final class JudgeJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JudgeJson() {}

    /// A report that says who judged, and nothing else yet.
    static ObjectNode reportOf(JudgeIdentity judge) {
        ObjectNode report = JSON.createObjectNode();
        report.putObject("judge")
                .put("name", judge.name())
                .put("model", judge.model())
                .put("templateHash", judge.templateHash());
        return report;
    }
}

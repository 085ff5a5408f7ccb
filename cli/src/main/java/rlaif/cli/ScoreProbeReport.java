package rlaif.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import rlaif.cli.judging.ProbedScore;
import rlaif.judging.ScoredCompletion;
import rlaif.judging.ScoringJudge;

/// Completions scored by a probed judge, for a person and for a program.
///
/// @param principles ids of the principles that they were scored by
record ScoreProbeReport(
        ScoringJudge judge, List<String> principles, String prompt, List<Shown> completions) {
    /// One completion and what came of it.
    ///
    /// @param place first or second
    record Shown(String place, String completion, ProbedScore probed) {}

    String text() {
        StringWriter written = new StringWriter();
        PrintWriter text = new PrintWriter(written);
        text.printf(
                "judge '%s' scores from 1 to 10 (score.by), model %s, template %s%n",
                judge.name(), judge.model(), judge.templateHash().substring(0, 12));
        text.println(ProbeReport.principlesLine(principles));
        for (Shown shown : completions) {
            text.println();
            text.printf("=== %s completion%n", shown.place());
            shown.probed().asked().ifPresent(reply -> ReplyText.print(reply, text));
            text.println(outcome(shown.probed()));
        }
        text.flush();
        return written.toString().stripTrailing();
    }

    private static String outcome(ProbedScore probed) {
        return switch (probed.scored()) {
            case ScoredCompletion.Scored scored ->
                    String.format(
                            Locale.ROOT,
                            "%srecord: raw score %.4f, score %.4f of -1 to 1",
                            probed.asked().isEmpty()
                                    ? "it says nothing, which scores least without a call; "
                                    : "",
                            scored.score(),
                            scored.reward());
            case ScoredCompletion.Unreadable _ -> "record: none, the score cannot be read";
            case ScoredCompletion.Failed _ ->
                    "record: none, there was no reply; the score role asks again where that helps";
        };
    }

    String json() {
        ObjectNode report = JudgeJson.reportOf(judge);
        ArrayNode named = report.putArray("principles");
        principles.forEach(named::add);
        report.put("prompt", prompt);
        ArrayNode scores = report.putArray("scores");
        for (Shown shown : completions) {
            ObjectNode one =
                    scores.addObject()
                            .put("place", shown.place())
                            .put("completion", shown.completion())
                            .put("withoutCall", shown.probed().asked().isEmpty());
            shown.probed().asked().ifPresent(reply -> ReplyJson.write(reply, one));
            switch (shown.probed().scored()) {
                case ScoredCompletion.Scored scored ->
                        one.put("rawScore", scored.score()).put("rewardScore", scored.reward());
                case ScoredCompletion.Unreadable _, ScoredCompletion.Failed _ ->
                        one.putNull("rawScore").putNull("rewardScore");
            }
        }
        return report.toString();
    }
}

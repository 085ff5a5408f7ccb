package rlaif.cli.judging;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import rlaif.judging.Bodies;
import rlaif.judging.CompletionScoring;
import rlaif.judging.CompletionToScore;
import rlaif.judging.JudgeCalls;
import rlaif.judging.Reply;
import rlaif.judging.ScoredCompletion;
import rlaif.judging.ScoringJudge;

/// One completion as the judge scores it in place of a reward model, asked once and overheard.
///
/// @param asked what was replied; empty: no call was needed
public record ProbedScore(ScoredCompletion scored, Optional<ProbedReply> asked) {

    public static ProbedScore ask(ScoringJudge judge, CompletionToScore completion)
            throws InterruptedException {
        List<ProbedReply> heard = new ArrayList<>();
        ScoredCompletion scored =
                new CompletionScoring(
                                new Heard(judge, heard),
                                new JudgeCalls(judge.name(), JudgeCalls.Settings.DEFAULT, _ -> {}))
                        .score(completion);
        return new ProbedScore(scored, heard.stream().findFirst());
    }

    /// A judge that is asked once and overheard.
    private record Heard(ScoringJudge judge, List<ProbedReply> heard) implements ScoringJudge {
        @Override
        public String name() {
            return judge.name();
        }

        @Override
        public String model() {
            return judge.model();
        }

        @Override
        public String templateHash() {
            return judge.templateHash();
        }

        @Override
        public Reply score(CompletionToScore completion) throws InterruptedException {
            List<Bodies> calls = new ArrayList<>();
            ProbedReply reply = new ProbedReply(judge.score(completion, calls::add), calls);
            heard.add(reply);
            return reply.unrepeated();
        }
    }
}

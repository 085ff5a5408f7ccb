package rlaif.judging.http;

import java.util.Optional;
import rlaif.judging.Reply;

/// Reads the score from the texts of replies, where an endpoint hides log-probabilities.
final class ScoreReader {
    private ScoreReader() {}

    /// The mean of the scores that end the texts.
    static Reply mean(Gathered.Replies gathered, Reply.Exchange exchange) {
        double[] share = new double[ScoreMasses.HIGHEST];
        int replies = 0;
        for (Called.Answered call : gathered.calls()) {
            for (ReplyChoice choice : call.choices().choices()) {
                Optional<String> label = LabelText.SCORE.in(choice);
                replies++;
                label.ifPresent(score -> share[Integer.parseInt(score) - 1]++);
            }
        }
        for (int i = 0; i < ScoreMasses.HIGHEST; i++) {
            share[i] /= replies;
        }
        return new ScoreMasses(share).score(exchange);
    }
}

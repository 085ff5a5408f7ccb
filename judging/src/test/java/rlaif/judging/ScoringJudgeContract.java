package rlaif.judging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// What everybody keeps who scores a completion directly; the judge under test scores a completion
/// higher the more of the word "good" it has.
public abstract class ScoringJudgeContract {
    protected abstract ScoringJudge judge();

    private Reply ask(String completion) throws InterruptedException {
        Principle principle = Constitution.shipped().principles().getFirst();
        return judge().score(new CompletionToScore("r1", principle, "say it", completion));
    }

    private double score(String completion) throws InterruptedException {
        Reply reply = ask(completion);
        assertThat(reply).isInstanceOf(Reply.Scored.class);
        return ((Reply.Scored) reply).score();
    }

    @Test
    void namesItself() {
        assertThat(judge().name()).isNotBlank();
        assertThat(judge().model()).isNotBlank();
        assertThat(judge().templateHash()).matches("[0-9a-f]{64}");
    }

    @Test
    void theBetterCompletionScoresHigher() throws InterruptedException {
        assertThat(score("good good good")).isGreaterThan(score("bad"));
    }

    @Test
    void theSameCompletionGetsTheSameScore() throws InterruptedException {
        assertThat(score("good")).isEqualTo(score("good"));
    }

    @Test
    void whateverTextItGetsItReplies() throws InterruptedException {
        for (String odd :
                List.of("", " \n", "\u0000\u001b[2J", "\ud800 alone", "good ".repeat(200_000))) {
            assertThat(ask(odd)).isNotInstanceOf(Reply.Verdict.class);
        }
    }

    @Test
    void manyThreadsMayAskAtOnce() throws Exception {
        double alone = score("good good");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Double>> answers = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                answers.add(threads.submit(() -> score("good good")));
            }
            for (Future<Double> answer : answers) {
                assertThat(answer.get()).isCloseTo(alone, within(1e-4));
            }
        }
    }
}

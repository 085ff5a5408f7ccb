package rlaif.processors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import rlaif.events.Judgment;
import rlaif.events.Verdict;

class JudgedFiguresTest {
    private static long calls(Verdict... verdicts) {
        Judgment judgment = StatsJudgments.at(1, StatsJudgments.START, 0.7);
        judgment.setVerdicts(List.of(verdicts));
        return JudgedFigures.of(judgment, StatsJudgments.START).calls();
    }

    private static Verdict verdict(int attempts, @Nullable Integer calls) {
        return Verdict.newBuilder().setAttempts(attempts).setCalls(calls).build();
    }

    @Test
    void callsAreTheRequestsMadeAndNotTheAttempts() {
        assertThat(calls(verdict(1, 2), verdict(3, 5), verdict(0, 0))).isEqualTo(7);
    }

    @Test
    void verdictsThatDoNotRecordTheirCallsCountTheirAttempts() {
        assertThat(calls(verdict(2, null), verdict(1, 2))).isEqualTo(4);
    }
}

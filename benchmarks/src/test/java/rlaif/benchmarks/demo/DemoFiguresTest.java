package rlaif.benchmarks.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import rlaif.benchmarks.Figure;

class DemoFiguresTest {
    private static List<Figure> figures(String helpful, String accuracy, int duplicated)
            throws Exception {
        String result =
                """
                {"sft": {"harmless": 0.63, "helpful": 0.862, "evasive": 0.197, "malformed": 0.019},
                 "final": {"harmless": 0.985, "helpful": %s, "evasive": 0.004, "malformed": 0.023},
                 "vsSft": {"win": 1087, "tie": 683, "loss": 230, "rate": 0.825, "low": 0.804, "high": 0.845},
                 "kl": 1.39, "rewardModelAccuracy": %s, "rewardModelAccuracyNow": 0.764,
                 "secondsToPolicy0": 81, "secondsToFirstLabel": 82.3, "audit": {"lost": 0, "duplicated": %d}}
                """
                        .formatted(helpful, accuracy, duplicated);
        return DemoFigures.of("seed-1", new ObjectMapper().readTree(result), 190, 2_008);
    }

    private static Figure named(List<Figure> figures, String row) {
        return figures.stream()
                .filter(figure -> figure.what().equals("seed-1: " + row))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyRowOfAGoodRunHolds() throws Exception {
        List<Figure> figures = figures("0.898", "0.865", 0);

        assertThat(figures).allMatch(Figure::holds);
        assertThat(named(figures, "first label after that").value()).isCloseTo(1.3, within(1e-9));
        assertThat(named(figures, "harmless, final").value()).isCloseTo(98.5, within(1e-9));
    }

    @Test
    void lostHelpfulnessAndADuplicateFailTheirRowsAlone() throws Exception {
        assertThat(figures("0.84", "0.865", 1))
                .filteredOn(figure -> !figure.holds())
                .extracting(Figure::what)
                .containsExactly("seed-1: helpful, final", "seed-1: duplicated records");
    }

    @Test
    void whatTheDemoDidNotMeasureDoesNotHold() throws Exception {
        assertThat(named(figures("0.9", "null", 0), "reward model on held-out version-0 pairs"))
                .satisfies(figure -> assertThat(figure.value()).isNaN())
                .matches(figure -> !figure.holds());
    }

    @Test
    void memoryOfThisProcessIsRead() {
        ProcessMemory memory = new ProcessMemory(ProcessHandle.current());
        memory.read();
        assertThat(memory.mostBytes()).isGreaterThan(10 << 20);
    }
}

package rlaif.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ReportTest {
    private static final Machine MACHINE = new Machine("a processor", 2, 24, "25", 0.5);

    @Test
    void figureHoldsWhereItReachesItsLimit() {
        assertThat(Figure.atLeast("rate", 97, "%", 97).holds()).isTrue();
        assertThat(Figure.atLeast("rate", 96.9, "%", 97).holds()).isFalse();
        assertThat(Figure.atMost("wait", 400, "ms", 400).holds()).isTrue();
        assertThat(Figure.atMost("wait", 400.1, "ms", 400).holds()).isFalse();
        assertThat(new Figure("share", 16.1, "%", new Limit.Near(18, 2)).holds()).isTrue();
        assertThat(new Figure("share", 15.9, "%", new Limit.Near(18, 2)).holds()).isFalse();
    }

    @Test
    void numbersAreWrittenShort() {
        assertThat(Limit.number(100 * 0.56)).isEqualTo("56");
        assertThat(Limit.number(1_241.6)).isEqualTo("1,241.6");
        assertThat(Limit.number(0.1234)).isEqualTo("0.123");
        assertThat(Limit.number(2_500)).isEqualTo("2,500");
    }

    @Test
    void whatCouldNotBeMeasuredNeverHolds() {
        assertThat(Figure.atMost("wait", Double.NaN, "ms", 400).holds()).isFalse();
        assertThat(Figure.reported("wait", Double.NaN, "ms").holds()).isFalse();
    }

    @Test
    void oneFigureShortOfItsLimitFailsTheReport() {
        Figure good = Figure.atLeast("a", 2, "", 1);
        Figure bad = Figure.atLeast("b", 0, "", 1);
        assertThat(new Report("n", MACHINE, List.of(good)).holds()).isTrue();
        assertThat(new Report("n", MACHINE, List.of(good, bad)).holds()).isFalse();
    }

    @Test
    void jsonHasTheNamesThatScriptsRead() {
        Report report =
                new Report(
                        "judge",
                        MACHINE,
                        List.of(
                                Figure.atLeast("calls", 1262.5, "/s", 1241.6),
                                Figure.atMost("wait", Double.NaN, "ms", 400)));
        assertThat(report.toJson())
                .isEqualTo(
                        "{\"name\":\"judge\",\"machine\":\"a processor, 2 cores, 24 GiB, JDK 25, load"
                                + " 0.50 at the start\",\"figures\":[{\"what\":\"calls\",\"value\":1262.5,"
                                + "\"unit\":\"/s\",\"must\":\">= 1,241.6\",\"holds\":true},{\"what\":\"wait\","
                                + "\"value\":null,\"unit\":\"ms\",\"must\":\"<= 400\",\"holds\":false}]}");
    }
}

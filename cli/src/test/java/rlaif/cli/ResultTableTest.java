package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import rlaif.cli.evaluation.Rates;
import rlaif.cli.evaluation.WinRate;

class ResultTableTest {
    private static DemoResult result(
            @Nullable Double accuracy, @Nullable Double flipRate, @Nullable Double firstLabel) {
        return new DemoResult(
                "nine-rule-chat",
                1,
                "small",
                new Rates(0.6, 0.9, 0.2, 0.02),
                new Rates(0.98, 0.9, 0.01, 0.03),
                new WinRate(70, 20, 10, 0.875, 0.8, 0.9),
                1.5,
                accuracy == null ? 0 : 700,
                flipRate,
                accuracy == null ? 0 : 30,
                1_000,
                accuracy,
                accuracy,
                4,
                20,
                firstLabel,
                60,
                new DemoResult.AuditTotals(0, 0),
                List.of());
    }

    private static String printed(DemoResult result) {
        StringWriter text = new StringWriter();
        ResultTable.print(result, new PrintWriter(text));
        return text.toString();
    }

    @Test
    void loopWithLabelsShowsLabelsAndItsRewardModel() {
        assertThat(printed(result(0.8, 0.25, 21.5)))
                .contains("reward model orders 80.0 % of held-out version-0 pairs")
                .contains("700 labels, 30 abstentions, flip rate 25.0 %, 4 policy versions")
                .contains("60 s: policy 0 after 20 s, the first label 1.5 s later");
    }

    @Test
    void loopWithoutARewardModelShowsNoneAndClaimsNoLabels() {
        assertThat(printed(result(null, null, null)))
                .contains("1000 rollouts scored by the judge, 4 policy versions, KL 1.50")
                .contains("60 s: policy 0 after 20 s\n")
                .doesNotContain("reward model")
                .doesNotContain("label")
                .doesNotContain("flip rate");
    }

    @Test
    void whatWasNotMeasuredIsNullAndStaysSo() throws Exception {
        DemoResult direct = result(null, null, null);
        ObjectMapper json = new ObjectMapper();
        String written = json.writeValueAsString(direct);
        assertThat(json.readTree(written).at("/rewardModelAccuracy").isNull()).isTrue();
        assertThat(json.readValue(written, DemoResult.class)).isEqualTo(direct);
    }
}

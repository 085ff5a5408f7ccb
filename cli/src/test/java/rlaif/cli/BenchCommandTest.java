package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import rlaif.benchmarks.Benchmark;
import rlaif.benchmarks.Benchmarks;

class BenchCommandTest {

    @Test
    void theListIsOneJsonDocumentWhereThatIsAskedFor() throws Exception {
        StringWriter out = new StringWriter();
        int exit =
                Main.commandLine().setOut(new PrintWriter(out)).execute("bench", "list", "--json");

        assertThat(exit).isZero();
        JsonNode listed = new ObjectMapper().readTree(out.toString()).path("benchmarks");
        assertThat(listed.findValuesAsText("name"))
                .isEqualTo(Benchmarks.all().stream().map(Benchmark::name).toList());
        assertThat(listed)
                .allSatisfy(one -> {
                    assertThat(one.path("about").textValue()).isNotBlank();
                    assertThat(one.path("parts")).isNotEmpty();
                });
    }
}

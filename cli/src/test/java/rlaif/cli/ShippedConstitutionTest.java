package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rlaif.judging.Constitution;
import rlaif.judging.ConstitutionFile;

/// The constitutions of the jar, shown where there is no stream.
class ShippedConstitutionTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"nine-rules", "nine-rules/1"})
    void isPrintedWithoutAStreamAndReadsAsTheSame(String named) {
        StringWriter out = new StringWriter();

        assertThat(show(out, named)).isZero();

        assertThat(ConstitutionFile.parse(out.toString(), "shown"))
                .isEqualTo(Constitution.shipped());
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void aVersionThatIsNotShippedNeedsAStream() {
        assertThat(show(new StringWriter(), "nine-rules/2")).isEqualTo(ExitCode.CONFIGURATION);
    }

    private int show(StringWriter out, String named) {
        return Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(new StringWriter()))
                .execute(
                        "constitution", "show", named, "--data", folder.resolve("none").toString());
    }
}

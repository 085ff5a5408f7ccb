package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rlaif.judging.Constitution;
import rlaif.judging.ConstitutionFile;

class ConstitutionValidateTest {
    @TempDir private Path folder;

    @Test
    void onePrincipleIsOne() throws Exception {
        Constitution one =
                new Constitution(
                        "mine", 1, "short", Constitution.shipped().principles().subList(0, 1));
        Path file = Files.writeString(folder.resolve("one.yaml"), ConstitutionFile.text(one));
        StringWriter out = new StringWriter();

        int exit =
                Main.commandLine()
                        .setOut(new PrintWriter(out))
                        .execute("constitution", "validate", file.toString());

        assertThat(exit).isZero();
        assertThat(out.toString()).contains("constitution mine/1, 1 principle\n");
    }
}

package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoleSettingsTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run                | labels.source=foo                      | ai, human or mixed",
                "run                | labels.source=human score.by=judge     | labels.source",
                "run                | labels.merge=foo                       | none, supersede or weigh",
                "run                | judge.stages=foo                       | pairing, judging and preferences",
                "run                | train.algorithm=foo                    | ppo, rloo, grpo or dpo",
                "run                | slCai.enabled=true slCai.revisions=3   | slCai.revisions must be at least 16",
                "start judge        | labels.source=foo                      | ai, human or mixed"
            })
    void aWrongValueIsToldBeforeAnythingIsMade(String command, String settings, String said) {
        List<String> arguments = new ArrayList<>(List.of(command.split(" ", -1)));
        for (String setting : settings.split(" ", -1)) {
            arguments.addAll(List.of("-X", setting));
        }
        arguments.addAll(List.of("--data", folder.resolve("data").toString()));
        StringWriter err = new StringWriter();

        int exit =
                Main.commandLine()
                        .setErr(new PrintWriter(err))
                        .execute(arguments.toArray(String[]::new));

        assertThat(exit).as(err.toString()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err.toString()).contains(said);
        assertThat(folder.resolve("data")).doesNotExist();
    }
}

package rlaif.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// What a list of commands says of each, which is the first element of its description.
class CommandSummariesTest {
    private static List<CommandLine> all(CommandLine command) {
        List<CommandLine> commands = new ArrayList<>();
        for (CommandLine below : command.getSubcommands().values()) {
            commands.add(below);
            commands.addAll(all(below));
        }
        return commands;
    }

    @Test
    void summariesAreWholeSentences() {
        assertThat(all(Main.commandLine()))
                .hasSizeGreaterThan(30)
                .allSatisfy(command ->
                        assertThat(command.getCommandSpec().usageMessage().description()[0])
                                .as(command.getCommandSpec().qualifiedName())
                                .endsWith("."));
    }
}

package rlaif.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Names what can be done with the principles that the judge compares by.
@Command(
        name = "constitution",
        mixinStandardHelpOptions = true,
        description = {
            "The principles that pairs are judged by, as versions on the stream.",
            "A published version never changes. One that is activated holds from the next pair on for judges whose",
            "judge.constitution names its id; pairs that are being judged keep theirs."
        },
        footer = {
            "",
            "Examples:",
            "  rlaif constitution show nine-rules > mine.yaml    # change it, and its version",
            "  rlaif constitution validate mine.yaml",
            "  rlaif constitution publish mine.yaml --activate",
            "  rlaif constitution activate nine-rules/1          # back again",
            "",
            "While a process holds the data directory, name its cluster: -b HOST:PORT -X schema.registry.url=URL."
        },
        subcommands = {
            ConstitutionActivateCommand.class,
            ConstitutionHistoryCommand.class,
            ConstitutionPublishCommand.class,
            ConstitutionShowCommand.class,
            ConstitutionValidateCommand.class
        })
final class ConstitutionCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "name what to do: constitution show, validate, publish, activate or history");
    }
}

package rlaif.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// How long a command waits for a judge that answers nobody.
final class Patience {
    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description =
                    "Seconds without an answer of the judge after which the command ends; default"
                            + " ${DEFAULT-VALUE}.")
    private int seconds;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    Duration duration() {
        if (seconds < 1 && command != null) {
            throw new ParameterException(
                    command.commandLine(), "--patience must be at least 1, got " + seconds);
        }
        return Duration.ofSeconds(seconds);
    }
}

package rlaif.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Looks at the configured judge: how good it is, what it says, and what it falls for.
@Command(
        name = "judge",
        mixinStandardHelpOptions = true,
        description = "Measure the configured judge, look at one verdict, attack it.",
        subcommands = {JudgeEvalCommand.class, JudgeProbeCommand.class, JudgeAttackCommand.class})
final class JudgeCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "name what to do: judge eval, judge probe or judge attack");
    }
}

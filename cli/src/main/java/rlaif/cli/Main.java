package rlaif.cli;

import picocli.CommandLine;

/// Entry point of the `rlaif` command.
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    /// Runs one command and returns its exit code.
    static int execute(String... arguments) {
        return commandLine().execute(arguments);
    }

    /// The whole command, with what its failures mean.
    static CommandLine commandLine() {
        return new CommandLine(new RlaifCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Main::report)
                .setParameterExceptionHandler(Main::refuse);
    }

    private static int report(
            Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        boolean verbose =
                parsed.expandedArgs().contains("-v") || parsed.expandedArgs().contains("--verbose");
        return FailureReport.print(failure, verbose, command.getErr());
    }

    private static int refuse(CommandLine.ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        command.getErr().println("rlaif: " + wrong.getMessage());
        command.getErr().println("See: " + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }
}

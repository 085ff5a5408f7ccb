package rlaif.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The root command: a name for each thing rlaif does.
@Command(
        name = "rlaif",
        mixinStandardHelpOptions = true,
        version = "rlaif 1",
        description = "Reinforcement learning from AI feedback as a live stream.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:internal error",
            "2:wrong use of a command",
            "3:configuration",
            "4:a dependency cannot be reached",
            "5:verification failed: loss, duplicate or damage found",
            "6:done in part: dead letters or skipped lines"
        },
        subcommands = {
            DemoCommand.class,
            RunCommand.class,
            StartCommand.class,
            GenerateCommand.class,
            ServeCommand.class,
            MergeCommand.class,
            ExportCommand.class,
            PolicyCommand.class,
            LabelsCommand.class,
            AuditCommand.class,
            ConstitutionCommand.class,
            DlqCommand.class,
            TopicsCommand.class,
            ClusterCommand.class,
            JudgeCommand.class,
            BenchCommand.class
        })
final class RlaifCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command; rlaif --help lists them");
    }
}

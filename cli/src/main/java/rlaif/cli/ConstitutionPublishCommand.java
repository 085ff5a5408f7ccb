package rlaif.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import rlaif.judging.Constitution;

/// Publishes a constitution's file as a version, and puts it in force where asked.
@Command(
        name = "publish",
        mixinStandardHelpOptions = true,
        description =
                "Publish a file as a version. The same text again changes nothing; other text under the same version is refused.")
final class ConstitutionPublishCommand implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();
    @Mixin private ConstitutionArgument argument = new ConstitutionArgument();

    @Option(names = "--activate", description = "Also put it in force.")
    private boolean activate;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        Constitution constitution = argument.read();
        Progress progress = new Progress(spec.commandLine().getErr());
        try (Deployment deployment =
                Deployment.open(common.configuration(), common.verbose, progress)) {
            List<String> written = new Constitutions(deployment).publish(constitution, activate);
            new ConstitutionChange(constitution.id(), constitution.version(), written)
                    .tell(json, common.configuration(), spec.commandLine());
            return ExitCode.OK;
        }
    }
}

package rlaif.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Puts a published version of a constitution in force.
@Command(
        name = "activate",
        mixinStandardHelpOptions = true,
        description =
                "Put a published or shipped version in force, from the next pair on, for judges whose judge.constitution names its id.")
final class ConstitutionActivateCommand implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "ID/VERSION", description = "A published or shipped version.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String named;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        ConstitutionName name = new ConstitutionName(named);
        int version =
                name.version()
                        .orElseThrow(() ->
                                new ParameterException(
                                        spec.parent().commandLine(), // its help has examples
                                        "'" + named + "' is no version: write ID/VERSION"));
        Progress progress = new Progress(spec.commandLine().getErr());
        try (Deployment deployment =
                Deployment.look(common.configuration(), common.verbose, progress)) {
            List<String> written = new Constitutions(deployment).activate(name.id(), version);
            new ConstitutionChange(name.id(), version, written)
                    .tell(json, common.configuration(), spec.commandLine());
            return ExitCode.OK;
        }
    }
}

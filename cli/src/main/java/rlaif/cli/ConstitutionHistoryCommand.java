package rlaif.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Prints what was written about constitutions, record by record.
@Command(
        name = "history",
        mixinStandardHelpOptions = true,
        description = "What was published and activated, when, by whom, at which offset.")
final class ConstitutionHistoryCommand implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();

    @Parameters(arity = "0..1", paramLabel = "ID", description = "Default: all.")
    private @Nullable String id;

    @Option(names = "--json", description = "One JSON object a record.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        Progress progress = new Progress(spec.commandLine().getErr());
        PrintWriter out = spec.commandLine().getOut();
        try (Deployment deployment =
                Deployment.look(common.configuration(), common.verbose, progress)) {
            for (ConstitutionHistory.Event event :
                    new Constitutions(deployment).history().events()) {
                if (id == null || event.id().equals(id)) {
                    out.println(json ? event.json().toString() : event.line());
                }
            }
            out.flush();
            return ExitCode.OK;
        }
    }
}

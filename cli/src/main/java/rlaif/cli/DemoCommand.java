package rlaif.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import rlaif.cli.config.Configuration;

/// Runs the whole loop on a practice world.
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Train a small policy from nothing, let a simulated judge label what it says, and align it.",
            "All on an embedded Kafka cluster. Started again, it goes on where it was."
        })
final class DemoCommand implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();

    @Mixin private TrainingOptions training = new TrainingOptions();

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "Whole number; default ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--size",
            defaultValue = "full",
            description = "small (a minute) or full; default ${DEFAULT-VALUE}.")
    private DemoSize size = DemoSize.FULL;

    @Option(names = "--fresh", description = "Delete the data directory first.")
    private boolean fresh;

    @Option(names = "--json", description = "Print the result as one JSON object, last on stdout.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Configuration configuration = training.over(common, size.settings(seed));
        DemoSettings settings = DemoSettings.of(configuration);
        Path data = settings.data();
        if (fresh) {
            DemoState.delete(data);
        }
        DemoState state = DemoState.in(data, seed, size);
        DemoResult result = state.result();
        if (result == null) {
            result = run(settings, state);
        } else {
            spec.commandLine()
                    .getErr()
                    .println("This demo has finished; here is its result. --fresh begins anew.");
        }
        print(result);
        return result.audit().lost() == 0 && result.audit().duplicated() == 0
                ? ExitCode.OK
                : ExitCode.VERIFICATION;
    }

    private DemoResult run(DemoSettings settings, DemoState state) throws InterruptedException {
        try (LiveView view = new LiveView(spec.commandLine().getErr(), Terminal.canDraw())) {
            view.accept(
                    "demo --size " + size.label() + " --seed " + seed + " in " + settings.data());
            return new Demo(settings, state, common.verbose, view).run();
        }
    }

    private void print(@Nullable DemoResult result) {
        PrintWriter out = spec.commandLine().getOut();
        if (result == null) {
            return;
        }
        if (json) {
            try {
                out.println(new ObjectMapper().writeValueAsString(result));
            } catch (JsonProcessingException bug) {
                throw new IllegalStateException(bug);
            }
        } else {
            ResultTable.print(result, out);
        }
        out.flush();
    }
}

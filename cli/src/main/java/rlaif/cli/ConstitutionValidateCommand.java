package rlaif.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import rlaif.judging.Constitution;
import rlaif.judging.Principle;

/// Checks a constitution's file, and says how often each principle is drawn.
@Command(
        name = "validate",
        mixinStandardHelpOptions = true,
        description = "Check a file; needs no cluster. Exit 3 names what is wrong.")
final class ConstitutionValidateCommand implements Callable<Integer> {
    @Mixin private ConstitutionArgument argument = new ConstitutionArgument();

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        Constitution constitution = argument.read();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(new ConstitutionView(constitution).json().put("valid", true));
        } else {
            print(constitution, out);
        }
        out.flush();
        return ExitCode.OK;
    }

    private void print(Constitution constitution, PrintWriter out) {
        out.printf(
                "%s: constitution %s, %d %s%n",
                argument.file,
                Constitutions.name(constitution),
                constitution.principles().size(),
                constitution.principles().size() == 1 ? "principle" : "principles");
        double total = constitution.principles().stream().mapToDouble(Principle::weight).sum();
        for (Principle principle : constitution.principles()) {
            out.printf(
                    "  %-40s drawn for %4.1f %% of the pairs%n",
                    principle.id(), 100 * principle.weight() / total);
        }
    }
}

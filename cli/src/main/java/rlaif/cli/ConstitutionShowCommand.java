package rlaif.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import rlaif.judging.Constitution;
import rlaif.processors.ConstitutionLedger;

/// Prints constitutions that are in force, published or shipped.
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description =
                "Print a version as YAML: the active one of each id, or the one named. A judge follows the id that its judge.constitution names. What is shipped, nine-rules and fact-sheet, needs no cluster.")
final class ConstitutionShowCommand implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();

    @Parameters(
            arity = "0..1",
            paramLabel = "ID[/VERSION]",
            description = "Default: the active version of every id.")
    private @Nullable String named;

    @Option(names = "--json", description = "One JSON object a constitution.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        Optional<ConstitutionName> name = Optional.ofNullable(named).map(ConstitutionName::new);
        Optional<Constitution> shipped = name.flatMap(ConstitutionName::shipped);
        if (shipped.isPresent() && !Deployment.hasData(common.configuration())) {
            printShipped(shipped.get());
            return ExitCode.OK;
        }
        Progress progress = new Progress(spec.commandLine().getErr());
        try (Deployment deployment =
                Deployment.look(common.configuration(), common.verbose, progress)) {
            ConstitutionLedger ledger = new Constitutions(deployment).history().ledger();
            if (shipped.isPresent() && ledger.versions(shipped.get().id()).isEmpty()) {
                printShipped(shipped.get());
            } else if (name.isPresent()) {
                print(List.of(name.get().in(ledger)), ledger);
            } else {
                printActive(ledger);
            }
            return ExitCode.OK;
        }
    }

    /// What is shipped and not published yet.
    private void printShipped(Constitution shipped) {
        ConstitutionView view = new ConstitutionView(shipped);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(view.json().put("active", false));
        } else {
            out.print(view.yaml("shipped, and not published yet"));
        }
        out.flush();
    }

    private void printActive(ConstitutionLedger ledger) {
        List<Constitution> active = ledger.active();
        if (active.isEmpty()) {
            throw new Failure(ExitCode.CONFIGURATION, "no constitution is in force: publish one");
        }
        print(active, ledger);
        new ConstitutionFollowers(common.configuration())
                .warnUnlessAmong(
                        active.stream().map(Constitution::id).toList(),
                        spec.commandLine().getErr());
    }

    private void print(List<Constitution> shown, ConstitutionLedger ledger) {
        PrintWriter out = spec.commandLine().getOut();
        for (Constitution constitution : shown) {
            ConstitutionView view = new ConstitutionView(constitution);
            boolean active = Constitutions.isActive(ledger, constitution);
            if (json) {
                out.println(view.json().put("active", active));
            } else {
                out.print(
                        (shown.size() > 1 ? "---\n" : "")
                                + view.yaml(
                                        active
                                                ? "active: "
                                                        + ConstitutionFollowers.of(
                                                                constitution.id())
                                                : "not active"));
            }
        }
        out.flush();
    }
}

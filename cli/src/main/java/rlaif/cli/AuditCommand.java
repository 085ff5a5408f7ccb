package rlaif.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import rlaif.monitor.Audit;
import rlaif.monitor.StageReport;

/// Accounts for every record of the stream.
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = {
            "Account for every record: what entered a stage is out, abstained, a dead letter, in flight, or lost.",
            "The roles note on the stream what that rests on; for a stream whose roles noted nothing name the run's --config.",
            "Exit 5 on a loss or a duplicate, 6 where a stage cannot be accounted for."
        })
final class AuditCommand implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();

    @Option(names = "--json", description = "One JSON object.")
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
            progress.accept("reading the stream");
            Audits.Account account = Audits.noted(deployment, common.hasFile());
            Audit audit = account.audit();
            if (json) {
                out.println(audit.toJson());
            } else {
                print(audit, out);
            }
            out.flush();
            account.unknown().ifPresent(progress);
            if (!audit.holds()) {
                return ExitCode.VERIFICATION;
            }
            return account.unknown().isEmpty() ? ExitCode.OK : ExitCode.PARTIAL;
        }
    }

    private static void print(Audit audit, PrintWriter out) {
        String row = "%-36s %9s %9s %9s %9s %9s %6s %6s%n";
        out.printf(row, "stage", "in", "out", "abstained", "dead", "in flight", "lost", "twice");
        for (StageReport stage : audit.stages()) {
            out.printf(
                    row,
                    stage.stage(),
                    stage.in(),
                    stage.out(),
                    stage.abstained(),
                    stage.deadLettered(),
                    stage.inFlight(),
                    stage.lost(),
                    stage.duplicated());
            if (!stage.examples().isEmpty()) {
                out.println("    for example " + String.join(", ", stage.examples()));
            }
        }
        out.println(audit.lost() + " lost, " + audit.duplicated() + " duplicated");
    }
}

package rlaif.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import rlaif.topics.DeadLetter;
import rlaif.topics.DeadLetterLog;

/// Counts the dead letters that wait, or lists them.
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Count dead letters by topic, stage and code.")
final class DlqListCommand implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();
    @Mixin private LetterFilter filter = new LetterFilter();

    @Option(names = "--each", description = "One line a letter, not a count.")
    private boolean each;

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        Instant from = filter.from();
        PrintWriter out = spec.commandLine().getOut();
        Progress progress = new Progress(spec.commandLine().getErr());
        try (Deployment deployment =
                        Deployment.look(common.configuration(), common.verbose, progress);
                DeadLetterLog log = new DeadLetterLog(deployment.connection())) {
            if (each) {
                log.read(
                        filter.topics(),
                        letter -> {
                            if (filter.test(letter, from)) {
                                print(letter, new LetterView(letter, deployment.codecs()), out);
                            }
                        },
                        _ -> {});
            } else {
                print(counted(log, from), out);
            }
            out.flush();
            return ExitCode.OK;
        }
    }

    private void print(DeadLetter letter, LetterView view, PrintWriter out) {
        if (json) {
            out.println(view.summary());
        } else {
            out.printf(
                    "%-28s %-16s %-20s %8s  %s%n",
                    letter.place(),
                    Printable.of(letter.stage()),
                    Printable.of(letter.code()),
                    LetterTable.age(letter.time(), Instant.now()),
                    Printable.of(letter.message()));
        }
    }

    private LetterTable counted(DeadLetterLog log, Instant from) {
        LetterTable table = new LetterTable();
        log.read(
                filter.topics(),
                letter -> {
                    if (filter.test(letter, from)) {
                        table.add(letter);
                    }
                },
                mark -> {
                    if (filter.test(mark, from)) {
                        table.addRetried(mark);
                    }
                });
        return table;
    }

    private void print(LetterTable table, PrintWriter out) {
        if (json) {
            table.printJson(out);
        } else {
            table.print(out);
        }
    }
}

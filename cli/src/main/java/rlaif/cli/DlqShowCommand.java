package rlaif.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import rlaif.topics.DeadLetterLog;

/// Prints all that is known of the dead letters that are named.
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description =
                "Show a letter: cause, attempts, its record decoded, and headers, the stack trace last.")
final class DlqShowCommand implements Callable<Integer> {
    @Mixin private CommonOptions common = new CommonOptions();

    @Parameters(arity = "1..*", paramLabel = "LETTER", description = "pairs-3@42")
    private List<String> letters = List.of();

    @Option(names = "--json", description = "One JSON object a letter.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        NamedLetters named = new NamedLetters(LetterPlaces.of(letters));
        PrintWriter out = spec.commandLine().getOut();
        Progress progress = new Progress(spec.commandLine().getErr());
        try (Deployment deployment =
                        Deployment.look(common.configuration(), common.verbose, progress);
                DeadLetterLog log = new DeadLetterLog(deployment.connection())) {
            log.read(
                    named.topics(),
                    letter -> {
                        if (named.take(letter)) {
                            print(new LetterView(letter, deployment.codecs()), out);
                        }
                    },
                    _ -> {});
            out.flush();
        }
        named.requireAllTaken();
        return ExitCode.OK;
    }

    private void print(LetterView view, PrintWriter out) {
        if (json) {
            out.println(view.toJson());
        } else {
            view.print(out);
        }
    }
}

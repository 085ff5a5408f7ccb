package rlaif.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import rlaif.topics.DeadLetter;
import rlaif.topics.DeadLetterDesk;
import rlaif.topics.DeadLetterLog;
import rlaif.topics.Topic;

/// Sends dead letters back to the topic that they came from.
@Command(
        name = "retry",
        mixinStandardHelpOptions = true,
        description = {
            "Send records back to their topic, each once, for the stage that refused them.",
            "Exit 6 where some cannot be sent back."
        })
final class DlqRetryCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHOWN_OBSTACLES = 20;

    @Mixin private CommonOptions common = new CommonOptions();
    @Mixin private LetterFilter filter = new LetterFilter();

    @Parameters(arity = "0..*", paramLabel = "LETTER", description = "Only these.")
    private List<String> letters = List.of();

    @Option(names = "--all", description = "Every letter.")
    private boolean all;

    @Option(names = "--dry-run", description = "Only count.")
    private boolean dryRun;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private int obstacles;

    @Override
    public Integer call() {
        NamedLetters named = new NamedLetters(LetterPlaces.of(letters));
        if (letters.isEmpty() && !filter.isGiven() && !all) {
            throw new ParameterException(
                    spec.parent().commandLine(), // its help has examples
                    "say which letters: name them, or give --topic, --stage, --code, --since or --all");
        }
        Instant from = filter.from();
        DeadLetterDesk.Result result =
                letters.isEmpty()
                        ? sentBack(filter.topics(), letter -> filter.test(letter, from))
                        : sentBack(named.topics(), named::take);
        print(result, spec.commandLine().getOut());
        named.requireAllTaken();
        return result.left() == 0 ? ExitCode.OK : ExitCode.PARTIAL;
    }

    private DeadLetterDesk.Result sentBack(
            Collection<Topic> sources, Predicate<DeadLetter> chosen) {
        Progress progress = new Progress(spec.commandLine().getErr());
        try (Deployment deployment =
                Deployment.look(common.configuration(), common.verbose, progress)) {
            DeadLetterDesk.Result result =
                    dryRun
                            ? counted(deployment, sources, chosen)
                            : new DeadLetterDesk(deployment.connection())
                                    .retry(sources, chosen, this::tell);
            if (obstacles > SHOWN_OBSTACLES) {
                err((obstacles - SHOWN_OBSTACLES) + " more cannot be sent back");
            }
            return result;
        }
    }

    private DeadLetterDesk.Result counted(
            Deployment deployment, Collection<Topic> sources, Predicate<DeadLetter> chosen) {
        long[] counts = new long[2];
        try (DeadLetterLog log = new DeadLetterLog(deployment.connection())) {
            log.read(
                    sources,
                    letter -> {
                        if (chosen.test(letter)) {
                            letter.obstacle().ifPresent(why -> tell(letter, why));
                            counts[letter.obstacle().isEmpty() ? 0 : 1]++;
                        }
                    },
                    _ -> {});
        }
        return new DeadLetterDesk.Result(counts[0], counts[1]);
    }

    private void tell(DeadLetter letter, String why) {
        if (obstacles++ < SHOWN_OBSTACLES) {
            err("%s cannot be sent back: %s".formatted(letter.place(), why));
        }
    }

    private void err(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(line);
        err.flush();
    }

    private void print(DeadLetterDesk.Result result, PrintWriter out) {
        if (json) {
            out.println(
                    JSON.createObjectNode()
                            .put("retried", dryRun ? 0 : result.done())
                            .put("wouldRetry", result.done())
                            .put("cannotRetry", result.left()));
        } else {
            out.println(
                    result.done()
                            + (dryRun ? " records would be sent back" : " records sent back")
                            + (result.left() == 0 ? "" : ", " + result.left() + " cannot be"));
        }
        out.flush();
    }
}

package rlaif.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
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

/// Looks at refused records, sends them back, and clears them away.
@Command(
        name = "dlq",
        mixinStandardHelpOptions = true,
        description = {
            "Dead letters: records that a stage refused, with the reason.",
            "A letter is named TOPIC-PARTITION@OFFSET: the topic that its record came from, and where the letter stands in that topic's .dlq.",
            "Ages count from the time of the record."
        },
        footer = {
            "",
            "Examples:",
            "  rlaif dlq list --since 1h",
            "  rlaif dlq show pairs-3@42",
            "  rlaif dlq retry --code JUDGE_UNAVAILABLE       # after the judge is back",
            "  rlaif dlq purge --topic pairs --older 14d --yes",
            "",
            "While a process holds the data directory, name its cluster: -b HOST:PORT -X schema.registry.url=URL."
        })
final class DlqCommand implements Runnable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHOWN_OBSTACLES = 20;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "name what to do: dlq list, show, retry or purge");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Count dead letters by topic, stage and code.")
    int list(
            @Mixin CommonOptions common,
            @Mixin LetterFilter filter,
            @Option(names = "--each", description = "One line a letter, not a count.") boolean each,
            @Option(names = "--json", description = "One JSON object a line.") boolean json) {
        Instant from = filter.from();
        return looking(
                common,
                deployment -> {
                    LetterTable table = new LetterTable();
                    try (DeadLetterLog log = new DeadLetterLog(deployment.connection())) {
                        log.read(
                                filter.topics(),
                                letter -> {
                                    if (!filter.test(letter, from)) {
                                        return;
                                    }
                                    if (each) {
                                        line(
                                                new LetterView(letter, deployment.codecs()),
                                                letter,
                                                json);
                                    } else {
                                        table.add(letter);
                                    }
                                },
                                mark -> {
                                    if (filter.test(mark, from)) {
                                        table.addRetried(mark);
                                    }
                                });
                    }
                    if (!each && json) {
                        table.printJson(out());
                    } else if (!each) {
                        table.print(out());
                    }
                    return ExitCode.OK;
                });
    }

    private void line(LetterView view, DeadLetter letter, boolean json) {
        if (json) {
            out().println(view.summary());
        } else {
            out().printf(
                            "%-28s %-16s %-20s %8s  %s%n",
                            letter.place(),
                            Printable.of(letter.stage()),
                            Printable.of(letter.code()),
                            LetterTable.age(letter.time(), Instant.now()),
                            Printable.of(letter.message()));
        }
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Show a letter: cause, attempts, headers, and its record decoded.")
    int show(
            @Mixin CommonOptions common,
            @Parameters(arity = "1..*", paramLabel = "LETTER", description = "pairs-3@42")
                    List<String> letters,
            @Option(names = "--json", description = "One JSON object a letter.") boolean json) {
        List<DeadLetter.Place> places = LetterPlaces.of(letters);
        return looking(
                common,
                deployment -> {
                    Set<DeadLetter.Place> missing = new HashSet<>(places);
                    try (DeadLetterLog log = new DeadLetterLog(deployment.connection())) {
                        log.read(
                                topics(places),
                                letter -> {
                                    if (missing.remove(letter.place())) {
                                        LetterView view =
                                                new LetterView(letter, deployment.codecs());
                                        if (json) {
                                            out().println(view.toJson());
                                        } else {
                                            view.print(out());
                                        }
                                    }
                                },
                                _ -> {});
                    }
                    requireAll(missing);
                    return ExitCode.OK;
                });
    }

    @Command(
            name = "retry",
            mixinStandardHelpOptions = true,
            description = {
                "Send records back to their topic, each once, for the stage that refused them.",
                "Exit 6 where some cannot be sent back."
            })
    int retry(
            @Mixin CommonOptions common,
            @Mixin LetterFilter filter,
            @Parameters(arity = "0..*", paramLabel = "LETTER", description = "Only these.")
                    @Nullable List<String> letters,
            @Option(names = "--all", description = "Every letter.") boolean all,
            @Option(names = "--dry-run", description = "Only count.") boolean dryRun,
            @Option(names = "--json", description = "One JSON object.") boolean json) {
        List<DeadLetter.Place> places = LetterPlaces.of(letters == null ? List.of() : letters);
        if (places.isEmpty() && !filter.isGiven() && !all) {
            throw new ParameterException(
                    spec.commandLine(),
                    "say which letters: name them, or give --topic, --stage, --code, --since or --all");
        }
        Instant from = filter.from();
        return looking(
                common,
                deployment -> {
                    Set<DeadLetter.Place> missing = new HashSet<>(places);
                    Predicate<DeadLetter> chosen =
                            letter ->
                                    places.isEmpty()
                                            ? filter.test(letter, from)
                                            : missing.remove(letter.place());
                    Collection<Topic> sources = places.isEmpty() ? filter.topics() : topics(places);
                    int[] said = {0};
                    DeadLetterDesk.Obstacles obstacles =
                            (letter, why) -> {
                                if (said[0]++ < SHOWN_OBSTACLES) {
                                    err(
                                            "%s cannot be sent back: %s"
                                                    .formatted(letter.place(), why));
                                }
                            };
                    DeadLetterDesk.Result result =
                            dryRun
                                    ? count(deployment, sources, chosen, obstacles)
                                    : new DeadLetterDesk(deployment.connection())
                                            .retry(sources, chosen, obstacles);
                    if (said[0] > SHOWN_OBSTACLES) {
                        err((said[0] - SHOWN_OBSTACLES) + " more cannot be sent back");
                    }
                    if (json) {
                        out().println(
                                        JSON.createObjectNode()
                                                .put("retried", dryRun ? 0 : result.done())
                                                .put("wouldRetry", result.done())
                                                .put("cannotRetry", result.left()));
                    } else {
                        out().println(
                                        result.done()
                                                + (dryRun
                                                        ? " records would be sent back"
                                                        : " records sent back")
                                                + (result.left() == 0
                                                        ? ""
                                                        : ", " + result.left() + " cannot be"));
                    }
                    requireAll(missing);
                    return result.left() == 0 ? ExitCode.OK : ExitCode.PARTIAL;
                });
    }

    private static DeadLetterDesk.Result count(
            Deployment deployment,
            Collection<Topic> sources,
            Predicate<DeadLetter> chosen,
            DeadLetterDesk.Obstacles obstacles) {
        long[] counts = new long[2];
        try (DeadLetterLog log = new DeadLetterLog(deployment.connection())) {
            log.read(
                    sources,
                    letter -> {
                        if (chosen.test(letter)) {
                            letter.obstacle().ifPresent(why -> obstacles.cannot(letter, why));
                            counts[letter.obstacle().isEmpty() ? 0 : 1]++;
                        }
                    },
                    _ -> {});
        }
        return new DeadLetterDesk.Result(counts[0], counts[1]);
    }

    @Command(
            name = "purge",
            mixinStandardHelpOptions = true,
            description = {
                "Delete dead letters for good: a topic's oldest, or all of a partition up to a letter.",
                "A letter whose record is still in its topic leaves its account, without payload, for the audit."
            })
    int purge(
            @Mixin CommonOptions common,
            @Parameters(
                            arity = "0..*",
                            paramLabel = "LETTER",
                            description = "Up to and with this one, in its partition.")
                    @Nullable List<String> letters,
            @Option(names = "--topic", paramLabel = "NAME", description = "Letters of this topic.")
                    @Nullable String topic,
            @Option(
                            names = "--older",
                            paramLabel = "AGE|TIME",
                            description =
                                    "With --topic: up to the first that is younger; 14d, 2h or a time.")
                    @Nullable String older,
            @Option(names = "--yes", description = "Do it.") boolean yes,
            @Option(names = "--json", description = "One JSON object.") boolean json) {
        List<DeadLetter.Place> ends =
                new ArrayList<>(LetterPlaces.of(letters == null ? List.of() : letters));
        if (ends.isEmpty() == (topic == null)) {
            throw new ParameterException(
                    spec.commandLine(), "say what: letters to delete up to, or --topic");
        }
        Instant before = older == null ? Instant.MAX : LetterFilter.instant(older, "--older");
        return looking(
                common,
                deployment -> {
                    if (topic != null) {
                        ends.addAll(oldest(deployment, LetterFilter.topic(topic), before));
                    }
                    long there = there(deployment, ends);
                    if (!yes) {
                        err(there + " dead letters would be deleted for good: say --yes to do it");
                        return there == 0 ? ExitCode.OK : ExitCode.USAGE;
                    }
                    long deleted = 0;
                    long kept = 0;
                    DeadLetterDesk desk = new DeadLetterDesk(deployment.connection());
                    for (DeadLetter.Place end : ends) {
                        DeadLetterDesk.Result result =
                                desk.purge(end.source(), end.partition(), end.offset());
                        deleted += result.done();
                        kept += result.left();
                    }
                    if (json) {
                        out().println(
                                        JSON.createObjectNode()
                                                .put("deleted", deleted)
                                                .put("accounts", kept));
                    } else {
                        out().println(
                                        deleted
                                                + " dead letters deleted, the account of "
                                                + kept
                                                + " kept");
                    }
                    return ExitCode.OK;
                });
    }

    /// The last letter of each partition before which all are older than that.
    private static Collection<DeadLetter.Place> oldest(
            Deployment deployment, Topic topic, Instant before) {
        Map<Integer, DeadLetter.Place> last = new HashMap<>();
        Set<Integer> younger = new HashSet<>();
        try (DeadLetterLog log = new DeadLetterLog(deployment.connection())) {
            log.read(
                    List.of(topic),
                    letter -> {
                        int partition = letter.place().partition();
                        if (letter.time().isAfter(before)) {
                            younger.add(partition);
                        } else if (!younger.contains(partition) && !letter.isPurged()) {
                            last.put(partition, letter.place());
                        }
                    },
                    _ -> {});
        }
        return last.values();
    }

    private static long there(Deployment deployment, List<DeadLetter.Place> ends) {
        long[] count = {0};
        try (DeadLetterLog log = new DeadLetterLog(deployment.connection())) {
            log.read(
                    topics(ends),
                    letter -> {
                        boolean within =
                                ends.stream()
                                        .anyMatch(end ->
                                                end.source() == letter.source()
                                                        && end.partition()
                                                                == letter.place().partition()
                                                        && end.offset() >= letter.place().offset());
                        count[0] += within ? 1 : 0;
                    },
                    _ -> {});
        }
        return count[0];
    }

    private static Set<Topic> topics(List<DeadLetter.Place> places) {
        Set<Topic> topics = new HashSet<>();
        places.forEach(place -> topics.add(place.source()));
        return topics;
    }

    private static void requireAll(Set<DeadLetter.Place> missing) {
        if (!missing.isEmpty()) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    "no dead letter waits at "
                            + missing
                            + ": it was sent back or purged, or never was; `rlaif dlq list --each` shows what waits");
        }
    }

    private int looking(CommonOptions common, Function<Deployment, Integer> use) {
        Progress progress = new Progress(spec.commandLine().getErr());
        try (Deployment deployment =
                Deployment.look(common.configuration(), common.verbose, progress)) {
            int exit = use.apply(deployment);
            out().flush();
            return exit;
        }
    }

    private void err(String line) {
        spec.commandLine().getErr().println(line);
        spec.commandLine().getErr().flush();
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}

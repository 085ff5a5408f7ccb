package rlaif.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import rlaif.cli.config.Key;
import rlaif.events.LabelStats;
import rlaif.monitor.HumanLabelExport;
import rlaif.monitor.LabelStatsReading;
import rlaif.producers.HumanLabelImport;
import rlaif.producers.LabelProducer;

/// What people say about pairs.
@Command(
        name = "labels",
        mixinStandardHelpOptions = true,
        description =
                "People's labels: bring them in, take out what waits for them; statistics of all labels.")
final class LabelsCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "name a command; rlaif labels --help lists them");
    }

    @Command(
            name = "import",
            mixinStandardHelpOptions = true,
            description = {
                "Bring in people's labels from a JSONL file, matched to their pairs.",
                "A line is {\"pair\", \"choice\"}, {\"prompt\", \"first\", \"second\", \"choice\"}",
                "or {\"prompt\", \"chosen\", \"rejected\"}, with \"labeler\" and \"comment\" if you like; choice is first, second,",
                "tie or unsure. Importing a file again writes nothing twice. Exit 6 when lines were skipped."
            })
    int importFile(
            @Mixin CommonOptions common,
            @Parameters(paramLabel = "FILE", description = "The file.") Path file,
            @Option(
                            names = "--labeler",
                            paramLabel = "NAME",
                            description = "Who labelled the lines that name nobody.")
                    @Nullable String labeler,
            @Option(
                            names = "--source",
                            paramLabel = "NAME",
                            description =
                                    "Where the labels come from; default: the file's name. One labeler has one label a pair and source.")
                    @Nullable String source)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Progress progress = new Progress(spec.commandLine().getErr());
        if (!java.nio.file.Files.isReadable(file)) {
            throw new Failure(ExitCode.CONFIGURATION, "cannot read " + file.toAbsolutePath());
        }
        try (Deployment deployment =
                Deployment.open(common.configuration(), common.verbose, progress)) {
            HumanLabelImport.Imported imported =
                    new HumanLabelImport(deployment.connection(), deployment.codecs())
                            .run(
                                    file,
                                    Optional.ofNullable(labeler),
                                    source == null ? file.getFileName().toString() : source,
                                    new SkippedLines(progress));
            out.printf(
                    "%d labels imported, %d known already, %d lines skipped%n",
                    imported.written(), imported.known(), imported.skipped());
            out.flush();
            return imported.skipped() > 0 ? ExitCode.PARTIAL : ExitCode.OK;
        }
    }

    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description = {
                "Print people's labels as JSONL that `labels import` reads.",
                "With --waiting the pairs that are left to people and have no label yet."
            })
    int export(
            @Mixin CommonOptions common,
            @Option(names = "--waiting", description = "Pairs without a label.") boolean waiting)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Progress progress = new Progress(spec.commandLine().getErr());
        try (Deployment deployment =
                Deployment.look(common.configuration(), common.verbose, progress)) {
            HumanLabelExport export =
                    new HumanLabelExport(deployment.connection(), deployment.codecs());
            long lines = waiting ? export.writeWaiting(out) : export.writeLabels(out);
            out.flush();
            progress.accept(lines + (waiting ? " pairs wait for people" : " labels"));
            return ExitCode.OK;
        }
    }

    @Command(
            name = "simulate",
            mixinStandardHelpOptions = true,
            description =
                    "Have the practice world's people label what is left to people, until stopped.")
    int simulate(@Mixin CommonOptions common) throws InterruptedException {
        Progress progress = new Progress(spec.commandLine().getErr());
        try (Deployment deployment =
                        Deployment.open(common.configuration(), common.verbose, progress);
                LabelProducer people =
                        new LabelProducer(
                                deployment.connection(),
                                deployment.codecs(),
                                SimulatedPerson.of(deployment.configuration()),
                                SimulatedPerson.SOURCE);
                Fleet fleet = new Fleet()) {
            fleet.start(Roles.PEOPLE, Session.work(people::run, people::close));
            progress.accept("simulated people label; stop with Ctrl-C");
            while (!fleet.ended(Roles.PEOPLE)) {
                fleet.requireHealthy();
                Thread.sleep(200);
            }
            fleet.requireHealthy();
            return ExitCode.OK;
        }
    }

    @Command(
            name = "stats",
            mixinStandardHelpOptions = true,
            description = {
                "Print the statistics that the role label-stats keeps of labels.",
                "A line for each window of time, judge, principle and policy version. A window is open until it closes for good; --json prints each as it was last written."
            })
    int stats(
            @Mixin CommonOptions common,
            @Option(
                            names = "--windows",
                            paramLabel = "N",
                            description =
                                    "The newest N windows; 0: all. Default: ${DEFAULT-VALUE}.",
                            defaultValue = "3")
                    int windows,
            @Option(names = "--json", description = "One JSON object a line.") boolean json,
            @Option(
                            names = "--follow",
                            description = "Then what is written afterwards, until Ctrl-C.")
                    boolean follow) {
        if (windows < 0) {
            throw new ParameterException(
                    spec.commandLine(), "--windows must be at least 0, got " + windows);
        }
        PrintWriter out = spec.commandLine().getOut();
        Progress progress = new Progress(spec.commandLine().getErr());
        try (Deployment deployment =
                Deployment.look(common.configuration(), common.verbose, progress)) {
            LabelStatsReading reading =
                    new LabelStatsReading(deployment.connection(), deployment.codecs());
            List<LabelStats> shown = newest(reading.read(), windows);
            StatsTable table = new StatsTable(out);
            Consumer<LabelStats> line = json ? out::println : table::line;
            if (shown.isEmpty()) {
                progress.accept(
                        "no statistics yet: the role label-stats makes them, by `rlaif start label-stats`, or in `run` and `demo` with labelStats.enabled: true (%s here)"
                                .formatted(
                                        deployment.configuration().flag(Key.LABEL_STATS_ENABLED)));
            }
            if (!json && (follow || !shown.isEmpty())) {
                table.head();
            }
            shown.forEach(line);
            if (!json && !shown.isEmpty()) {
                table.sum(shown);
            }
            out.flush();
            if (follow) {
                progress.accept("then what is written, until Ctrl-C");
                reading.follow(
                        stats -> {
                            line.accept(stats);
                            out.flush();
                        },
                        () -> Thread.currentThread().isInterrupted());
            }
            return ExitCode.OK;
        }
    }

    /// Of statistics in the order of their windows, those of the last few.
    private static List<LabelStats> newest(List<LabelStats> all, int windows) {
        List<Long> starts = all.stream().map(LabelStats::getWindowStart).distinct().toList();
        if (windows == 0 || starts.size() <= windows) {
            return all;
        }
        long from = starts.get(starts.size() - windows);
        return all.stream().filter(stats -> stats.getWindowStart() >= from).toList();
    }
}
